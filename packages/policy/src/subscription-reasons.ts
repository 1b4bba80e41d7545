import type { ReasonEntry } from './reason-entry.ts'

/** Why a subscription receives nothing. */
export const subscriptionReasons = {
  'subscription-awaiting-consent': {
    problem: 'forbidden',
    text: {
      es: 'El punto de entrega aún no ha consentido recibir',
      en: 'The endpoint has not consented to receive yet',
    },
    remedy: {
      es: 'Responda al OPTIONS del bus con WebHook-Allowed-Origin, o pida al operador que lo confirme',
      en: 'Answer the OPTIONS of the bus with WebHook-Allowed-Origin, or ask the operator to confirm it',
    },
  },
  'subscription-blocked': {
    problem: 'forbidden',
    text: {
      es: 'El bus bloqueó la suscripción: retiene más de lo que puede',
      en: 'The bus blocked the subscription: more is held than it can hold',
    },
    remedy: {
      es: 'Corrija el punto de entrega y reanude la suscripción',
      en: 'Mend the endpoint and resume the subscription',
    },
  },
  'subscription-filter-outdated': {
    problem: 'filter-outdated',
    text: {
      es: 'El filtro de la suscripción nombra campos que el acuerdo ya no incluye',
      en: 'The filter of the subscription names fields that the agreement no longer includes',
    },
    remedy: {
      es: 'Ponga a la suscripción un filtro sobre los campos acordados',
      en: 'Give the subscription a filter over the agreed fields',
    },
  },
  'subscription-paused': {
    problem: 'forbidden',
    text: { es: 'La suscripción está en pausa', en: 'The subscription is paused' },
    remedy: { es: 'Reanude la suscripción', en: 'Resume the subscription' },
  },
  'subscription-ended': {
    problem: 'forbidden',
    text: { es: 'La suscripción terminó', en: 'The subscription has ended' },
    remedy: { es: 'Cree otra suscripción', en: 'Create another subscription' },
  },
} as const satisfies Record<string, ReasonEntry>
