import { apiLimits, changeTypes } from '@unavez/protocol'

const text = { type: 'string', minLength: 1 }
const time = { type: 'string', format: 'date-time' }
const named = { type: 'string', minLength: 1, maxLength: apiLimits.eventIdLength }

const common = (type: string) => ({
  specversion: { type: 'string', const: '1.0' },
  id: named,
  source: { type: 'string', pattern: '^urn:unavez:[a-z]{2}:[^:]+:[^:]+$' },
  type: { type: 'string', const: type },
  time,
  occurredat: time,
  changetype: { type: 'string', enum: changeTypes },
  previouseventid: named,
  causedby: named,
  traceparent: text,
  dataschema: text,
})
const always = ['specversion', 'id', 'source', 'type', 'time', 'occurredat', 'changetype', 'data']

/** CloudEvents 1.0 in structured mode, as an institution publishes it. */
export const publishedEvent = (type: string, data: object): object => ({
  type: 'object',
  properties: {
    ...common(type),
    datacontenttype: { type: 'string' },
    late: { type: 'boolean' },
    data,
  },
  required: always,
  additionalProperties: false,
})

/** The same as a subscription gets it: `subject` is the consumer's own pseudonym. */
export const receivedEvent = (type: string, data: object): object => ({
  type: 'object',
  properties: { ...common(type), subject: text, publishedat: time, position: text, data },
  required: [...always, 'subject', 'publishedat', 'position', 'dataschema'],
})
