/** What a foreign institution may see of others' evidence requests: for the isolation test. */
export function evidenceRows() {
  const request = { id: 'evr_aaaaaaaaaaaaaaaaaaaaaaaaaa' }
  const wish = {
    requirement: 'birth-proof',
    subject: { scheme: 'pa-cedula', id: '8-1-1' },
    grounds: { kind: 'ex-officio', norm: 'Ley 1' },
  }
  return {
    'POST /v1/evidence-requests': { foreign: 'hidden', json: { procedure: 'css.enrolment', ...wish } },
    'GET /v1/evidence-requests': { foreign: 'listed' },
    'GET /v1/evidence-requests/{id}': { foreign: 'hidden', path: request },
    'POST /v1/evidence-requests/{id}/received': { foreign: 'hidden', path: request },
    'POST /v1/evidence-requests/{id}/cancel': { foreign: 'hidden', path: request, json: {} },
    'POST /v1/evidence-requests/{id}/reused': {
      foreign: 'hidden',
      path: request,
      json: { procedure: 'css.enrolment', requirement: 'birth-proof' },
    },
    'POST /v1/evidence-requests/{id}/information': { foreign: 'hidden', path: request, json: { information: 'a' } },
    'POST /v1/evidence-requests/{id}/answer': { foreign: 'hidden', path: request, json: { outcome: 'not-found' } },
    'PUT /v1/evidence-requests/{id}/documents/{n}': { foreign: 'hidden', path: { ...request, n: '1' } },
    'GET /v1/evidence-requests/{id}/documents/{n}': { foreign: 'hidden', path: { ...request, n: '1' } },
    'GET /v1/evidence-requests/{id}/preview': { foreign: 'forbidden', path: request },
    'POST /v1/evidence-requests/{id}/preview': { foreign: 'forbidden', path: request, json: { decision: 'approved' } },
    'GET /v1/procedures/{id}/evidence': { foreign: 'public', path: { id: 'css.enrolment' } },
    'POST /v1/procedures/{id}/runs': {
      foreign: 'hidden',
      path: { id: 'css.enrolment' },
      json: { subject: wish.subject, grounds: wish.grounds },
    },
    'GET /v1/meter': { foreign: 'listed' },
  } as const
}
