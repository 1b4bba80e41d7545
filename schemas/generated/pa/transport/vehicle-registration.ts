// Made by schemas/generate.ts from pa/transport/vehicle-registration.avsc: change that and generate again.

import type { EvidenceDocument } from '../../../document.ts'

/** What the transit authority has on record of a vehicle. */
export interface VehicleRegistration {
  /** Plate of the vehicle */
  readonly plate: string
  /** Make */
  readonly make: string
  /** Model */
  readonly model: string
  /** Year */
  readonly year: number
  /** Owners */
  readonly owners: readonly (Owner)[]
  /** District where its plate is paid: four-digit code */
  readonly municipality: string
}

/** Who is owner */
interface Owner {
  /** Taxpayer or identity number */
  readonly owner: string
}

export const vehicleRegistration = {
  type: "pa.gob.transport.vehicle-registration.v1",
  kind: "evidence",
  domain: "transport",
  owner: "attt",
  validity: "P1M",
  staleOn: ["pa.gob.transport.vehicle-transferred.v1"],
  answerWithin: "PT5M",
  previewRequired: false,
  description: {"es":"Registro vehicular: el vehículo y de quién es","en":"Vehicle registration: the vehicle and whose it is"},
  schema: {
    type: "record",
    name: "VehicleRegistration",
    namespace: "pa.gob.transport.v1",
    doc: {"es":"Lo que consta de un vehículo en la Autoridad del Tránsito.","en":"What the transit authority has on record of a vehicle."},
    fields: [
      {"name":"plate","type":"string","identifies":"vehicle","scheme":"pa-plate","role":"key","classification":"personal","doc":{"es":"Placa única del vehículo","en":"Plate of the vehicle"}},
      {"name":"make","type":"string","classification":"personal","doc":{"es":"Marca","en":"Make"}},
      {"name":"model","type":"string","classification":"personal","doc":{"es":"Modelo","en":"Model"}},
      {"name":"year","type":"int","classification":"personal","doc":{"es":"Año","en":"Year"}},
      {"name":"owners","type":{"type":"array","items":{"type":"record","name":"Owner","doc":{"es":"Quien es dueño","en":"Who is owner"},"fields":[{"name":"owner","type":"string","identifies":"business","scheme":"pa-ruc","role":"party","classification":"personal","doc":{"es":"RUC o cédula","en":"Taxpayer or identity number"}}]}},"classification":"personal","doc":{"es":"Dueños","en":"Owners"}},
      {"name":"municipality","type":"string","classification":"personal","doc":{"es":"Distrito donde paga la placa: código de cuatro dígitos","en":"District where its plate is paid: four-digit code"}},
    ],
  },
} as const satisfies EvidenceDocument

export const vehicleRegistrationSample: VehicleRegistration = {
  plate: "ZZ0001",
  make: "Toyota",
  model: "Hilux",
  year: 2022,
  owners: [{"owner":"999155001-2-2026"}],
  municipality: "0801",
}
