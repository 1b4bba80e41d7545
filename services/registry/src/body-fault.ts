import { Problem } from '@unavez/protocol'

/** 'body-invalid' at a JSON Pointer, in both languages. */
export const bodyFault = (pointer: string, es: string, en: string): Problem =>
  new Problem('body-invalid', { pointer, detail: { es, en } })
