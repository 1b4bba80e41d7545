import { createHmac, timingSafeEqual } from 'node:crypto'

import { Problem } from '@unavez/protocol'

/** Where a subscription stands: the next offset wanted of each partition, within an epoch. */
export interface Cursor {
  readonly subscription: string
  readonly epoch: number
  readonly offsets: readonly number[]
}

const version = 1
const macBytes = 16
const offsetBytes = 6

/**
 * base64url(version 1, length and bytes of the subscription, epoch 4, count 1, offsets 6 each, first 16 bytes of the HMAC).
 * Opaque to consumers, and of no use for another subscription.
 */
export function encodeCursor(key: Buffer, cursor: Cursor): string {
  const name = Buffer.from(cursor.subscription)
  const content = Buffer.alloc(2 + name.length + 5 + cursor.offsets.length * offsetBytes)
  content[0] = version
  content[1] = name.length
  name.copy(content, 2)
  let at = content.writeUInt32BE(cursor.epoch, 2 + name.length)
  at = content.writeUInt8(cursor.offsets.length, at)
  for (const offset of cursor.offsets) at = content.writeUIntBE(offset, at, offsetBytes)
  return Buffer.concat([content, macOf(key, content)]).toString('base64url')
}

/** Refuses what was altered, cut, or made for another subscription: 'cursor-invalid'. */
export function decodeCursor(key: Buffer, subscription: string, text: string): Cursor {
  const bytes = Buffer.from(text, 'base64url')
  const content = bytes.subarray(0, Math.max(0, bytes.length - macBytes))
  const mac = bytes.subarray(content.length)
  if (mac.length !== macBytes || !timingSafeEqual(mac, macOf(key, content)) || content[0] !== version) {
    throw new Problem('cursor-invalid')
  }
  const nameLength = content.readUInt8(1)
  const name = content.toString('utf8', 2, 2 + nameLength)
  if (name !== subscription) throw new Problem('cursor-invalid')
  let at = 2 + nameLength
  const epoch = content.readUInt32BE(at)
  const count = content.readUInt8(at + 4)
  at += 5
  const offsets = Array.from({ length: count }, (_, i) => content.readUIntBE(at + i * offsetBytes, offsetBytes))
  return { subscription, epoch, offsets }
}

/** An older epoch was left behind by a resumption or rewind; a newer one can't be ours. */
export function requireEpoch(cursor: Pick<Cursor, 'epoch'>, epoch: number): void {
  if (cursor.epoch < epoch) throw new Problem('cursor-outdated')
  if (cursor.epoch > epoch) throw new Problem('cursor-invalid')
}

const macOf = (key: Buffer, content: Buffer): Buffer =>
  createHmac('sha256', key).update(content).digest().subarray(0, macBytes)
