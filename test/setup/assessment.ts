/** A contract with a field of every kind that JSON can get wrong, for tests of what is refused. */
export const assessmentType = 'pa.gob.tax.assessment-issued.v1'

const personal = { classification: 'personal', doc: 'Of the assessment' }

export const assessmentContract = {
  type: assessmentType,
  kind: 'event',
  domain: 'tax',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se emitió una liquidación', en: 'An assessment was issued' },
  schema: {
    type: 'record',
    name: 'AssessmentIssued',
    namespace: 'pa.gob.tax.v1',
    fields: [
      { name: 'person', type: 'string', identifies: 'person', scheme: 'pa-cedula', role: 'key', ...personal },
      { name: 'year', type: 'int', ...personal },
      { name: 'serial', type: 'long', ...personal },
      {
        name: 'amount',
        type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 },
        ...personal,
      },
      { name: 'issuedAt', type: { type: 'long', logicalType: 'timestamp-millis' }, ...personal },
      { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN', 'PAID'] }, ...personal },
      { name: 'items', type: { type: 'array', items: 'string' }, default: [], ...personal },
      { name: 'notes', type: { type: 'map', values: 'string' }, default: {}, ...personal },
      { name: 'remark', type: ['null', 'string'], default: null, ...personal },
    ],
  },
} as const

const derived = (fact: string, name: string) => ({
  ...assessmentContract,
  type: assessmentType.replace('assessment-issued', fact),
  schema: { ...assessmentContract.schema, name },
})

export const revocationContract = derived('assessment-revoked', 'AssessmentRevoked')

const appealed = derived('assessment-appealed', 'AssessmentAppealed')
const grounds = { name: 'grounds', type: 'string', classification: 'sensitive', doc: 'Why' }

/** One with a sensitive field, `grounds`. */
export const appealContract = {
  ...appealed,
  schema: { ...appealed.schema, fields: [...appealed.schema.fields, grounds] },
}

export const assessmentOf = (more: object = {}) => ({
  person: '8-1234-567',
  year: 2026,
  serial: 7,
  amount: '12.50',
  issuedAt: '2026-11-20T03:10:00.000Z',
  state: 'OPEN',
  items: [],
  notes: {},
  remark: null,
  ...more,
})
