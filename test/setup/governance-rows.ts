/** What a foreign institution may see of agreements' drafts, amendments and documents, of norms and of procedures: for the isolation test. */
export function governanceRows({ agreement, contract }: { readonly agreement: string; readonly contract: string }) {
  const reason = { reason: 'Curious' }
  const template = {
    contract,
    purpose: { es: 'Saber', en: 'To know' },
    legalBasis: { kind: 'law', norm: 'Ley 1' },
    fields: ['child'],
    validUntil: '2030-01-01T00:00:00Z',
  }
  return {
    'PUT /v1/agreements/{id}': { foreign: 'hidden', path: { id: agreement }, json: {} },
    'POST /v1/agreements/{id}/submit': { foreign: 'hidden', path: { id: agreement } },
    'POST /v1/agreements/{id}/amend': { foreign: 'hidden', path: { id: agreement }, json: { fields: ['child'] } },
    'POST /v1/agreements/bulk': {
      foreign: 'public',
      json: { template, institutions: ['css'] },
    },
    'GET /v1/agreements/{id}/versions': { foreign: 'hidden', path: { id: agreement } },
    'GET /v1/agreements/{id}/document': { foreign: 'hidden', path: { id: agreement } },
    'PUT /v1/agreements/{id}/document/signatures': {
      foreign: 'hidden',
      path: { id: agreement },
      json: { jws: 'a..b' },
    },
    'GET /v1/notices': { foreign: 'listed' },
    'POST /v1/norms': {
      foreign: 'public',
      json: { id: 'ley-1', name: { es: 'Ley 1', en: 'Act 1' }, kind: 'law' },
    },
    'GET /v1/norms': { foreign: 'public' },
    'GET /v1/norms/{id}': { foreign: 'public', path: { id: 'ley-51-2005' } },
    'POST /v1/procedures': { foreign: 'forbidden', json: { id: 'css.spy', institution: 'css' } },
    'GET /v1/procedures': { foreign: 'public' },
    'GET /v1/procedures/{id}': { foreign: 'public', path: { id: 'css.enrolment' } },
    'GET /v1/procedures/{id}/requirements': { foreign: 'public', path: { id: 'css.enrolment' } },
    'POST /v1/procedures/{id}/requirements': { foreign: 'hidden', path: { id: 'css.enrolment' }, json: {} },
    'GET /v1/procedures/{id}/requirements/{requirement}': {
      foreign: 'public',
      path: { id: 'css.enrolment', requirement: 'birth-proof' },
    },
    'PUT /v1/procedures/{id}/requirements/{requirement}': {
      foreign: 'hidden',
      path: { id: 'css.enrolment', requirement: 'birth-proof' },
      json: {},
    },
    'DELETE /v1/procedures/{id}/requirements/{requirement}': {
      foreign: 'hidden',
      path: { id: 'css.enrolment', requirement: 'birth-proof' },
      json: reason,
    },
  } as const
}
