// Made by schemas/generate.ts from unavez/bus/key-expiring.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A key of a system of the institution will expire soon: register another one before. */
export interface KeyExpiring {
  /** Institution that is told */
  readonly institution: string
  /** System, by its client id */
  readonly system: string
  /** Id of the key (kid) */
  readonly key: string
  /** When it expires */
  readonly expiresAt: string
  /** How many days before the end this is told */
  readonly days: number
}

export const keyExpiring = {
  type: "unavez.bus.key-expiring.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P1Y",
  description: {"es":"Aviso: una clave vencerá pronto","en":"Notice: a key will expire soon"},
  schema: {
    type: "record",
    name: "KeyExpiring",
    namespace: "unavez.bus.v1",
    doc: {"es":"Una clave de un sistema de la institución vencerá pronto: registre otra antes.","en":"A key of a system of the institution will expire soon: register another one before."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"system","type":"string","classification":"public","doc":{"es":"Sistema, por su clientId","en":"System, by its client id"}},
      {"name":"key","type":"string","classification":"public","doc":{"es":"Identificador de la clave (kid)","en":"Id of the key (kid)"}},
      {"name":"expiresAt","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"Cuándo vence","en":"When it expires"}},
      {"name":"days","type":"int","classification":"public","doc":{"es":"Cuántos días antes del final se avisa","en":"How many days before the end this is told"}},
    ],
  },
} as const satisfies EventDocument

export const keyExpiringSample: KeyExpiring = {
  institution: "css",
  system: "css.main",
  key: "2026-1",
  expiresAt: "2026-12-31T00:00:00Z",
  days: 30,
}
