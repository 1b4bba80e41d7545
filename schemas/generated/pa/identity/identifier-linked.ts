// Made by schemas/generate.ts from pa/identity/identifier-linked.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The Electoral Tribunal declared how two identity numbers relate. The bus joins or separates what it knows of them; what was published keeps its place. */
export interface IdentifierLinked {
  /** Identity number by which the person is known from now on */
  readonly person: string
  /** The other identity number */
  readonly other: string
  /** replaced: the first takes the place of the other; same: both are one person’s; split: they were two persons’ */
  readonly kind: 'replaced' | 'same' | 'split'
  /** Date from which it holds */
  readonly effectiveDate: string
  /** Resolution that declares it */
  readonly resolution: string
}

export const identifierLinked = {
  type: "pa.gob.identity.identifier-linked.v1",
  kind: "event",
  domain: "identity",
  owner: "te",
  retention: "P90D",
  description: {"es":"Identificadores vinculados: dos números de una misma persona, o que resultaron ser de dos","en":"Identifiers linked: two numbers of one person, or that turned out to be two persons’"},
  schema: {
    type: "record",
    name: "IdentifierLinked",
    namespace: "pa.gob.identity.v1",
    doc: {"es":"El Tribunal Electoral declaró qué relación hay entre dos números de identidad. El bus une o separa lo que sabe de ellos; lo ya publicado conserva su lugar.","en":"The Electoral Tribunal declared how two identity numbers relate. The bus joins or separates what it knows of them; what was published keeps its place."},
    fields: [
      {"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula por la que la persona se conoce de ahora en adelante","en":"Identity number by which the person is known from now on"}},
      {"name":"other","type":"string","identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"La otra cédula","en":"The other identity number"}},
      {"name":"kind","type":{"type":"enum","name":"LinkKind","symbols":["replaced","same","split"]},"classification":"personal","doc":{"es":"replaced: la primera sustituye a la otra; same: ambas son de la misma persona; split: eran de dos personas","en":"replaced: the first takes the place of the other; same: both are one person’s; split: they were two persons’"}},
      {"name":"effectiveDate","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date from which it holds"}},
      {"name":"resolution","type":"string","classification":"personal","doc":{"es":"Resolución que lo declara","en":"Resolution that declares it"}},
    ],
  },
} as const satisfies EventDocument

export const identifierLinkedSample: IdentifierLinked = {
  person: "N-9999-410",
  other: "E-8-999410",
  kind: "replaced",
  effectiveDate: "2026-08-20",
  resolution: "TE-2026-0771",
}
