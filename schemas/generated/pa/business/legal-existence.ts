// Made by schemas/generate.ts from pa/business/legal-existence.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** What the public registry has on record of a legal person. */
export interface LegalExistence {
  /** Taxpayer number of the company */
  readonly company: string
  /** Folio in the public registry */
  readonly folio: string
  /** Name as registered */
  readonly name: string
  /** Existing, suspended or dissolved */
  readonly status: 'existing' | 'suspended' | 'dissolved'
  /** Date of registration */
  readonly incorporatedOn: string
  /** Legal representatives in force */
  readonly representatives: readonly (Representative)[]
}

/** Who represents it */
interface Representative {
  /** Identity number of the representative */
  readonly person: string
  /** Date since which it represents */
  readonly since: string
}

export const legalExistence = {
  type: "pa.gob.business.legal-existence.v1",
  kind: "evidence",
  domain: "business",
  owner: "rp",
  validity: "P3M",
  staleOn: ["pa.gob.business.company-incorporated.v1","pa.gob.business.officers-changed.v1","pa.gob.business.company-dissolved.v1"],
  answerWithin: "PT1H",
  previewRequired: false,
  description: {"es":"Existencia y representación legal: que la sociedad existe y quién la representa","en":"Legal existence and representation: that the company exists and who represents it"},
  schema: {
    type: "record",
    name: "LegalExistence",
    namespace: "pa.gob.business.v1",
    doc: {"es":"Lo que consta de una persona jurídica en el Registro Público.","en":"What the public registry has on record of a legal person."},
    fields: [
      {"name":"company","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"public","doc":{"es":"RUC de la sociedad","en":"Taxpayer number of the company"}},
      {"name":"folio","type":"string","classification":"public","doc":{"es":"Folio en el Registro Público","en":"Folio in the public registry"}},
      {"name":"name","type":"string","classification":"public","doc":{"es":"Denominación inscrita","en":"Name as registered"}},
      {"name":"status","type":{"type":"enum","name":"CompanyStatus","symbols":["existing","suspended","dissolved"]},"classification":"public","doc":{"es":"Vigente, suspendida o disuelta","en":"Existing, suspended or dissolved"}},
      {"name":"incorporatedOn","type":{"type":"int","logicalType":"date"},"classification":"public","doc":{"es":"Fecha de inscripción","en":"Date of registration"}},
      {"name":"representatives","type":{"type":"array","items":{"type":"record","name":"Representative","doc":{"es":"Quien la representa","en":"Who represents it"},"fields":[{"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula de quien representa","en":"Identity number of the representative"}},{"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que representa","en":"Date since which it represents"}}]}},"classification":"personal","doc":{"es":"Representantes legales vigentes","en":"Legal representatives in force"}},
    ],
  },
} as const satisfies EvidenceDocument

export const legalExistenceSample: LegalExistence = {
  company: "999155001-2-2026",
  folio: "999155001",
  name: "Café de Altura Ejemplo, S.A.",
  status: "existing",
  incorporatedOn: "2026-11-10",
  representatives: [{"person":"8-9999-601","since":"2026-11-10"}],
}
