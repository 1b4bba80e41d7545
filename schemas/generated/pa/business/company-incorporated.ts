// Made by schemas/generate.ts from pa/business/company-incorporated.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The public registry registered a legal person. */
export interface CompanyIncorporated {
  /** Taxpayer number of the company; the public registry derives it from the folio */
  readonly company: string
  /** Folio of the company in the public registry */
  readonly folio: string
  /** Name as registered */
  readonly name: string
  /** Type: corporation, limited, partnership, entrepreneurship company, foundation, association, cooperative or foreign branch */
  readonly type: 'corporation' | 'limited' | 'partnership' | 'entrepreneurship' | 'foundation' | 'association' | 'cooperative' | 'branch'
  /** Identity number of the resident agent; absent if it is a firm */
  readonly residentAgent?: string | null
  /** Taxpayer number of the firm that is resident agent; absent if it is a natural person */
  readonly residentFirm?: string | null
  /** Date of registration */
  readonly incorporatedOn: string
}

export const companyIncorporated = {
  type: "pa.gob.business.company-incorporated.v1",
  kind: "event",
  domain: "business",
  owner: "rp",
  retention: "P90D",
  description: {"es":"Sociedad inscrita: nombre, tipo, agente residente y fecha","en":"Company incorporated: name, type, resident agent and date"},
  schema: {
    type: "record",
    name: "CompanyIncorporated",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El Registro Público inscribió una persona jurídica.","en":"The public registry registered a legal person."},
    fields: [
      {"name":"company","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"public","doc":{"es":"RUC de la sociedad; lo deriva el Registro Público del folio","en":"Taxpayer number of the company; the public registry derives it from the folio"}},
      {"name":"folio","type":"string","classification":"public","doc":{"es":"Folio de la sociedad en el Registro Público","en":"Folio of the company in the public registry"}},
      {"name":"name","type":"string","classification":"public","doc":{"es":"Denominación inscrita","en":"Name as registered"}},
      {"name":"type","type":{"type":"enum","name":"CompanyType","symbols":["corporation","limited","partnership","entrepreneurship","foundation","association","cooperative","branch"]},"classification":"public","doc":{"es":"Tipo: sociedad anónima, de responsabilidad limitada, colectiva, de emprendimiento, fundación, asociación, cooperativa o sucursal extranjera","en":"Type: corporation, limited, partnership, entrepreneurship company, foundation, association, cooperative or foreign branch"}},
      {"name":"residentAgent","type":["null","string"],"default":null,"identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula del agente residente; ausente si es una sociedad","en":"Identity number of the resident agent; absent if it is a firm"}},
      {"name":"residentFirm","type":["null","string"],"default":null,"identifies":"business","scheme":"pa-ruc","role":"party","classification":"public","doc":{"es":"RUC de la firma que es agente residente; ausente si es una persona natural","en":"Taxpayer number of the firm that is resident agent; absent if it is a natural person"}},
      {"name":"incorporatedOn","type":{"type":"int","logicalType":"date"},"classification":"public","doc":{"es":"Fecha de inscripción","en":"Date of registration"}},
    ],
  },
} as const satisfies EventDocument

export const companyIncorporatedSample: CompanyIncorporated = {
  company: "999155001-2-2026",
  folio: "999155001",
  name: "Café de Altura Ejemplo, S.A.",
  type: "corporation",
  residentAgent: null,
  residentFirm: "999100002-2-2018",
  incorporatedOn: "2026-11-10",
}
