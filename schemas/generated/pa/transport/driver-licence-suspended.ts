// Made by schemas/generate.ts from pa/transport/driver-licence-suspended.avsc: change that and generate again.

import type { EventDocument } from '../../../document.ts'

/** The transit authority suspended or cancelled a driver’s licence. The offence is not published. */
export interface DriverLicenceSuspended {
  /** Identity number of the driver */
  readonly driver: string
  /** Number of the licence */
  readonly licence: string
  /** Suspended or cancelled */
  readonly status: 'suspended' | 'cancelled'
  /** Date since which it holds */
  readonly since: string
  /** Last day of the suspension; absent if it is final */
  readonly until?: string | null
}

export const driverLicenceSuspended = {
  type: "pa.gob.transport.driver-licence-suspended.v1",
  kind: "event",
  domain: "transport",
  owner: "attt",
  retention: "P90D",
  description: {"es":"Licencia de conducir suspendida o cancelada","en":"Driver’s licence suspended or cancelled"},
  schema: {
    type: "record",
    name: "DriverLicenceSuspended",
    namespace: "pa.gob.transport.v1",
    doc: {"es":"La Autoridad del Tránsito suspendió o canceló una licencia de conducir. La infracción no se publica.","en":"The transit authority suspended or cancelled a driver’s licence. The offence is not published."},
    fields: [
      {"name":"driver","type":"string","identifies":"person","scheme":"pa-cedula","role":"key","classification":"personal","doc":{"es":"Cédula de quien conduce","en":"Identity number of the driver"}},
      {"name":"licence","type":"string","classification":"personal","doc":{"es":"Número de la licencia","en":"Number of the licence"}},
      {"name":"status","type":{"type":"enum","name":"SuspensionStatus","symbols":["suspended","cancelled"]},"classification":"personal","doc":{"es":"Suspendida o cancelada","en":"Suspended or cancelled"}},
      {"name":"since","type":{"type":"int","logicalType":"date"},"classification":"personal","doc":{"es":"Fecha desde la que vale","en":"Date since which it holds"}},
      {"name":"until","type":["null",{"type":"int","logicalType":"date"}],"default":null,"classification":"personal","doc":{"es":"Último día de la suspensión; ausente si es definitiva","en":"Last day of the suspension; absent if it is final"}},
    ],
  },
} as const satisfies EventDocument

export const driverLicenceSuspendedSample: DriverLicenceSuspended = {
  driver: "8-9999-912",
  licence: "LC-2021-10233",
  status: "suspended",
  since: "2026-11-09",
  until: "2027-02-08",
}
