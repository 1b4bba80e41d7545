import { refusal } from './reasons.ts'

/** Confluent's wire format: a zero byte, the schema's id as 4 bytes (big endian), then the Avro record. */
export const wireHeaderBytes = 5

export function writeWireHeader(target: Buffer, schemaId: number): void {
  target[0] = 0
  target.writeUInt32BE(schemaId, 1)
}

/** The id of the schema that the record was written with. Refuses bytes that are too short or begin otherwise. */
export function schemaIdOf(wire: Buffer): number {
  if (wire.length <= wireHeaderBytes || wire[0] !== 0) throw refusal('data-invalid', '', 'schema-id-missing')
  return wire.readUInt32BE(1)
}
