// Made by schemas/generate.ts from unavez/bus/contract-sunset.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** A contract that the institution offers or uses will be retired. */
export interface ContractSunset {
  /** Institution that is told */
  readonly institution: string
  /** Type of the contract */
  readonly contract: string
  /** From when on it may be retired */
  readonly sunset: string
  /** How many days before the end this is told */
  readonly days: number
}

export const contractSunset = {
  type: "unavez.bus.contract-sunset.v1",
  kind: "event",
  domain: "bus",
  owner: "unavez",
  retention: "P1Y",
  description: {"es":"Aviso: un contrato será retirado","en":"Notice: a contract will be retired"},
  schema: {
    type: "record",
    name: "ContractSunset",
    namespace: "unavez.bus.v1",
    doc: {"es":"Un contrato que la institución ofrece o usa será retirado.","en":"A contract that the institution offers or uses will be retired."},
    fields: [
      {"name":"institution","type":"string","identifies":"institution","scheme":"unavez-institution","role":"key","classification":"public","doc":{"es":"Institución a la que se avisa","en":"Institution that is told"}},
      {"name":"contract","type":"string","classification":"public","doc":{"es":"Tipo del contrato","en":"Type of the contract"}},
      {"name":"sunset","type":{"type":"long","logicalType":"timestamp-millis"},"classification":"public","doc":{"es":"Desde cuándo puede retirarse","en":"From when on it may be retired"}},
      {"name":"days","type":"int","classification":"public","doc":{"es":"Cuántos días antes del final se avisa","en":"How many days before the end this is told"}},
    ],
  },
} as const satisfies EventDocument

export const contractSunsetSample: ContractSunset = {
  institution: "css",
  contract: "pa.gob.civil.birth-registered.v1",
  sunset: "2030-01-01T00:00:00Z",
  days: 180,
}
