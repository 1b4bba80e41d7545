import { operator, type Decision, type Question } from '@unavez/policy'
import type { Language, Reason, Text } from '@unavez/protocol'

export interface DecisionView {
  readonly id: string
  readonly allowed: boolean
  readonly action: string
  readonly rule: string
  readonly reasons: readonly Reason[]
  readonly controlOffset: number
  readonly at: string
  readonly rulesVersion: number
}

/** How a decision is told; `id` recomputes it. */
export function decisionView(
  id: string,
  { question, decision }: { readonly question: Question; readonly decision: Decision },
  language: Language,
): DecisionView {
  const { allowed, action, rule, hidden, controlOffset, at, rulesVersion } = decision
  const reasons = hidden
    ? [nothingThere(question, language)]
    : decision.reasons.map(({ code, text, remedy, whoCanGrant }) => ({
        code,
        text: text[language],
        remedy: remedy[language],
        whoCanGrant,
      }))
  return { id, allowed, action, rule, reasons, controlOffset, at: at.toISOString(), rulesVersion }
}

const notThere: Readonly<Record<Question['on']['kind'], { readonly text: Text; readonly remedy: Text }>> = {
  bus: {
    text: { es: 'No está a su alcance', en: 'It is not within your reach' },
    remedy: { es: 'Pida ayuda al operador del bus', en: 'Ask the operator of the bus for help' },
  },
  institution: {
    text: { es: 'No existe esa institución', en: 'There is no such institution' },
    remedy: { es: 'Pida al operador del bus que la registre', en: 'Ask the operator of the bus to register it' },
  },
  system: {
    text: { es: 'No existe ese sistema', en: 'There is no such system' },
    remedy: { es: 'Registre el sistema', en: 'Register the system' },
  },
  contract: {
    text: { es: 'No existe ese contrato', en: 'There is no such contract' },
    remedy: { es: 'Búsquelo en el catálogo de contratos', en: 'Look for it in the catalogue of contracts' },
  },
  agreement: {
    text: { es: 'No hay un acuerdo sobre ese contrato', en: 'There is no agreement on that contract' },
    remedy: { es: 'Solicite un acuerdo', en: 'Request an agreement' },
  },
  delegation: {
    text: { es: 'No existe esa delegación', en: 'There is no such delegation' },
    remedy: { es: 'Proponga una delegación', en: 'Propose a delegation' },
  },
  norm: {
    text: { es: 'No existe esa norma', en: 'There is no such norm' },
    remedy: { es: 'Registre la norma', en: 'Register the norm' },
  },
  procedure: {
    text: { es: 'No existe ese trámite', en: 'There is no such procedure' },
    remedy: { es: 'Registre el trámite', en: 'Register the procedure' },
  },
  evidence: {
    text: { es: 'No existe ese trámite o requisito', en: 'There is no such procedure or requirement' },
    remedy: { es: 'Búsquelo en la lista de trámites', en: 'Look for it in the list of procedures' },
  },
  subscription: {
    text: { es: 'No hay una suscripción a ese contrato', en: 'There is no subscription to that contract' },
    remedy: { es: 'Cree una suscripción sobre un acuerdo activo', en: 'Make a subscription under an active agreement' },
  },
}

/** A decision that hides its target says no more than that there is nothing. */
function nothingThere({ actor, on }: Question, language: Language): Reason {
  const { text, remedy } = notThere[on.kind]
  const whoCanGrant = on.kind === 'subscription' ? [actor.institution] : [operator.id]
  return { code: 'not-found', text: text[language], remedy: remedy[language], whoCanGrant }
}
