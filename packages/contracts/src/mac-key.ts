import { hash } from 'node:crypto'

const blockBytes = 64
const shortBytes = 256

/**
 * A key for HMAC-SHA256 (RFC 2104) with its pads prepared. For messages as short as ours this is six times as fast as
 * making an Hmac object for each, and publishing takes several of them per event.
 */
export class MacKey {
  readonly #inner = Buffer.alloc(blockBytes + shortBytes, 0x36)
  readonly #outer = Buffer.alloc(blockBytes + 32, 0x5c)

  constructor(key: Uint8Array) {
    const block = key.length > blockBytes ? hash('sha256', key, 'buffer') : key
    for (const [i, byte] of block.entries()) {
      this.#inner[i] = 0x36 ^ byte
      this.#outer[i] = 0x5c ^ byte
    }
  }

  /** 32 bytes. */
  mac(message: Uint8Array): Buffer {
    const padded = message.length > shortBytes ? this.#long(message) : this.#short(message)
    this.#outer.set(hash('sha256', padded, 'buffer'), blockBytes)
    return hash('sha256', this.#outer, 'buffer')
  }

  #short(message: Uint8Array): Buffer {
    this.#inner.set(message, blockBytes)
    return this.#inner.subarray(0, blockBytes + message.length)
  }

  #long(message: Uint8Array): Buffer {
    return Buffer.concat([this.#inner.subarray(0, blockBytes), message])
  }
}
