import { typeParts } from '@unavez/contracts'
import type { EvidenceProvider, EvidenceTerms } from '@unavez/policy'

import { bodyFault } from './body-fault.ts'
import { isDuration } from './duration.ts'

/** What only evidence has, flat as the API takes it. */
export interface GivenEvidenceTerms {
  readonly validity?: string
  readonly staleOn?: readonly string[]
  readonly answerWithin?: string
  readonly previewRequired?: boolean
  readonly parameters?: object
  readonly providers?: readonly EvidenceProvider[]
}

const names = ['validity', 'staleOn', 'answerWithin', 'previewRequired', 'parameters', 'providers'] as const

/** Undefined for events, which may have none of them. Refuses 'body-invalid' with the pointer of the fault. */
export function evidenceTerms(
  kind: 'event' | 'evidence',
  given: GivenEvidenceTerms,
  requireParameters: (parameters: object) => void,
): EvidenceTerms | undefined {
  if (kind === 'event') {
    const wrong = names.find((name) => given[name] !== undefined)
    if (wrong !== undefined) throw bodyFault(`/${wrong}`, 'Solo la evidencia lo tiene', 'Only evidence has it')
    return undefined
  }
  const { validity, staleOn = [], answerWithin, previewRequired = false, parameters, providers } = given
  if (parameters !== undefined) requireParameters(parameters)
  requireDuration(validity, '/validity')
  requireDuration(answerWithin, '/answerWithin')
  for (const [index, type] of staleOn.entries()) {
    const pointer = `/staleOn/${index}`
    if (typeParts(type) === undefined) throw bodyFault(pointer, 'No es un tipo de evento', 'It is no event type')
    if (staleOn.indexOf(type) !== index) throw bodyFault(pointer, 'El tipo se repite', 'The type is named twice')
  }
  return {
    ...(validity === undefined ? {} : { validity }),
    staleOn: [...staleOn],
    ...(answerWithin === undefined ? {} : { answerWithin }),
    previewRequired,
    ...(parameters === undefined ? {} : { parameters }),
    ...(providers === undefined || providers.length === 0 ? {} : { providers }),
  }
}

function requireDuration(text: string | undefined, pointer: string): void {
  if (text === undefined || isDuration(text)) return
  throw bodyFault(pointer, 'Debe ser una duración ISO 8601, como PT1H', 'It must be an ISO 8601 duration, such as PT1H')
}
