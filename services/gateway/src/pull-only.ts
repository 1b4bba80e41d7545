import type { SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** What a subscription is pushed has one cursor, the bus's own: a second reader would break the chain of its disclosures. */
export function requirePull({ mode }: SubscriptionState): void {
  if (mode === 'pull') return
  throw new Problem('state-conflict', {
    detail: {
      es: 'La suscripción es de entrega (push): el bus lleva su cursor',
      en: 'The subscription is a push: its cursor is the bus’s',
    },
  })
}
