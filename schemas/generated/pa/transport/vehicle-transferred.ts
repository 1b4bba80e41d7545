// Made by schemas/generate.ts from pa/transport/vehicle-transferred.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The transit authority registered that a vehicle changed hands. The lists of owners are complete. */
export interface VehicleTransferred {
  /** Plate of the vehicle */
  readonly plate: string
  /** Owners until the transfer */
  readonly previousOwners: readonly (PreviousOwner)[]
  /** Owners since the transfer */
  readonly owners: readonly (Owner)[]
  /** Date of the transfer */
  readonly transferredOn: string
  /** District where its plate is paid: four-digit code */
  readonly municipality: string
}

/** Who is owner */
interface Owner {
  /** Taxpayer or identity number */
  readonly owner: string
}

/** Who was owner */
interface PreviousOwner {
  /** Taxpayer or identity number */
  readonly owner: string
}

export const vehicleTransferred = {
  type: "pa.gob.transport.vehicle-transferred.v1",
  kind: "event",
  domain: "transport",
  owner: "attt",
  retention: "P90D",
  description: {"es":"Vehículo traspasado: placa, dueños y fecha","en":"Vehicle transferred: plate, owners and date"},
  schema: {
    type: "record",
    name: "VehicleTransferred",
    namespace: "pa.gob.transport.v1",
    doc: {"es":"La Autoridad del Tránsito inscribió el traspaso de un vehículo. Las listas de dueños son completas.","en":"The transit authority registered that a vehicle changed hands. The lists of owners are complete."},
    fields: [
      {"name":"plate","type":"string","identifies":"vehicle","scheme":"pa-plate","role":"key","classification":"personal","doc":{"es":"Placa única del vehículo","en":"Plate of the vehicle"}},
      {"name":"previousOwners","type":{"type":"array","items":{"type":"record","name":"PreviousOwner","doc":{"es":"Quien era dueño","en":"Who was owner"},"fields":[{"name":"owner","type":"string","identifies":"business","scheme":"pa-ruc","role":"party","classification":"personal","doc":{"es":"RUC o cédula","en":"Taxpayer or identity number"}}]}},"classification":"personal","doc":{"es":"Dueños hasta el traspaso","en":"Owners until the transfer"}},
      {"name":"owners","type":{"type":"array","items":{"type":"record","name":"Owner","doc":{"es":"Quien es dueño","en":"Who is owner"},"fields":[{"name":"owner","type":"string","identifies":"business","scheme":"pa-ruc","role":"party","classification":"personal","doc":{"es":"RUC o cédula","en":"Taxpayer or identity number"}}]}},"classification":"personal","doc":{"es":"Dueños desde el traspaso","en":"Owners since the transfer"}},
      {"name":"transferredOn","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha del traspaso","en":"Date of the transfer"}},
      {"name":"municipality","type":"string","classification":"personal","doc":{"es":"Distrito donde paga la placa: código de cuatro dígitos","en":"District where its plate is paid: four-digit code"}},
    ],
  },
} as const satisfies EventDocument

export const vehicleTransferredSample: VehicleTransferred = {
  plate: "ZZ0001",
  previousOwners: [{"owner":"8-9999-921"}],
  owners: [{"owner":"999155001-2-2026"}],
  transferredOn: "2026-11-14",
  municipality: "0801",
}
