import { deriveKey } from '@unavez/contracts'

/** What the master key is used for; one derived key each, so that none tells of another. */
export type KeyUse =
  | 'root-pseudonym'
  | 'control-mac'
  | 'control-snapshot'
  | 'evidence-mac'
  | 'cursor'
  | 'decision'
  | 'registers'
  | 'invitation'
  | 'login'
  | 'session'
  | 'consent'

export interface Keys {
  of(use: KeyUse): Buffer
}

/** HKDF-SHA256 of `MASTER_KEY` (32 bytes) with the use as label. */
export function openKeys(masterKey: Buffer): Keys {
  const derived = new Map<KeyUse, Buffer>()
  return {
    of(use) {
      const key = derived.get(use) ?? deriveKey(masterKey, use)
      derived.set(use, key)
      return key
    },
  }
}
