// Made by schemas/generate.ts from pa/business/officers-changed.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The public registry registered who directs and represents a company. The list takes the place of the former one. */
export interface OfficersChanged {
  /** Taxpayer number of the company; the public registry derives it from the folio */
  readonly company: string
  /** Folio of the company in the public registry */
  readonly folio: string
  /** All offices in force */
  readonly officers: readonly (Officer)[]
  /** Entry of the registration */
  readonly entry: string
  /** Date of registration */
  readonly registeredOn: string
}

/** Who holds an office */
interface Officer {
  /** Identity number of the holder */
  readonly person: string
  /** President, secretary, treasurer, director, legal representative or attorney */
  readonly role: 'president' | 'secretary' | 'treasurer' | 'director' | 'legal_representative' | 'attorney'
  /** Date since which the office is held */
  readonly since: string
}

export const officersChanged = {
  type: "pa.gob.business.officers-changed.v1",
  kind: "event",
  domain: "business",
  owner: "rp",
  retention: "P90D",
  description: {"es":"Directores y representantes cambiados: la lista vigente completa","en":"Officers changed: the complete list in force"},
  schema: {
    type: "record",
    name: "OfficersChanged",
    namespace: "pa.gob.business.v1",
    doc: {"es":"El Registro Público inscribió quiénes dirigen y representan a una sociedad. La lista sustituye a la anterior.","en":"The public registry registered who directs and represents a company. The list takes the place of the former one."},
    fields: [
      {"name":"company","type":"string","identifies":"business","scheme":"pa-ruc","role":"key","classification":"public","doc":{"es":"RUC de la sociedad; lo deriva el Registro Público del folio","en":"Taxpayer number of the company; the public registry derives it from the folio"}},
      {"name":"folio","type":"string","classification":"public","doc":{"es":"Folio de la sociedad en el Registro Público","en":"Folio of the company in the public registry"}},
      {"name":"officers","type":{"type":"array","items":{"type":"record","name":"Officer","doc":{"es":"Quien ejerce un cargo","en":"Who holds an office"},"fields":[{"name":"person","type":"string","identifies":"person","scheme":"pa-cedula","role":"party","classification":"personal","doc":{"es":"Cédula de quien lo ejerce","en":"Identity number of the holder"}},{"name":"role","type":{"type":"enum","name":"OfficerRole","symbols":["president","secretary","treasurer","director","legal_representative","attorney"]},"classification":"personal","doc":{"es":"Presidente, secretario, tesorero, director, representante legal o apoderado","en":"President, secretary, treasurer, director, legal representative or attorney"}},{"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que lo ejerce","en":"Date since which the office is held"}}]}},"classification":"personal","doc":{"es":"Todos los cargos vigentes","en":"All offices in force"}},
      {"name":"entry","type":"string","classification":"public","doc":{"es":"Asiento de la inscripción","en":"Entry of the registration"}},
      {"name":"registeredOn","type":{"type":"int","logicalType":"date"},"classification":"public","doc":{"es":"Fecha de inscripción","en":"Date of registration"}},
    ],
  },
} as const satisfies EventDocument

export const officersChangedSample: OfficersChanged = {
  company: "999155001-2-2026",
  folio: "999155001",
  officers: [{"person":"8-9999-601","role":"president","since":"2026-11-10"},{"person":"8-9999-601","role":"legal_representative","since":"2026-11-10"},{"person":"7-9999-602","role":"secretary","since":"2026-11-10"}],
  entry: "2",
  registeredOn: "2026-11-12",
}
