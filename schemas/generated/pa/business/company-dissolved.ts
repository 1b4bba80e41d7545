// Made by schemas/generate.ts from pa/business/company-dissolved.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The public registry registered that a legal person was dissolved. */
export interface CompanyDissolved {
  /** Taxpayer number of the company; the public registry derives it from the folio */
  readonly company: string
  /** Folio of the company in the public registry */
  readonly folio: string
  /** Public deed or judgment of dissolution */
  readonly deed: string
  /** Date of registration of the dissolution */
  readonly dissolvedOn: string
}

export const companyDissolved = {
  type: "pa.gob.business.company-dissolved.v1",
  kind: "event",
  domain: "business",
  owner: "rp",
  retention: "P90D",
  description: {"es":"Sociedad disuelta: por qué escritura y desde cuándo","en":"Company dissolved: by which deed and since when"},
  schema: {
    type: "record",
    name: "CompanyDissolved",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El Registro Público inscribió la disolución de una persona jurídica.","en":"The public registry registered that a legal person was dissolved."},
    fields: [
      {"name":"company","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"public","doc":{"es":"RUC de la sociedad; lo deriva el Registro Público del folio","en":"Taxpayer number of the company; the public registry derives it from the folio"}},
      {"name":"folio","type":"string","classification":"public","doc":{"es":"Folio de la sociedad en el Registro Público","en":"Folio of the company in the public registry"}},
      {"name":"deed","type":"string","classification":"public","doc":{"es":"Escritura pública o sentencia de disolución","en":"Public deed or judgment of dissolution"}},
      {"name":"dissolvedOn","type":{"type":"int","logicalType":"date"},"classification":"public","doc":{"es":"Fecha de inscripción de la disolución","en":"Date of registration of the dissolution"}},
    ],
  },
} as const satisfies EventDocument

export const companyDissolvedSample: CompanyDissolved = {
  company: "999130077-2-2012",
  folio: "999130077",
  deed: "Escritura 4512 de 2026",
  dissolvedOn: "2026-10-28",
}
