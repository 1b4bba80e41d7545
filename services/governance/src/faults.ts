import { Problem } from '@unavez/protocol'

export const bodyFault = (pointer: string, es: string, en: string): Problem =>
  new Problem('body-invalid', { pointer, detail: { es, en } })

export const stateConflict = (es: string, en: string): Problem => new Problem('state-conflict', { detail: { es, en } })
