import { getCACertificates, setDefaultCACertificates } from 'node:tls'

import type { Certified } from './certificates.ts'

/** What an operator does with NODE_EXTRA_CA_CERTS. The answer takes it back. */
export function trust(authority: Certified): () => void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, authority.certificate])
  return () => setDefaultCACertificates(before)
}
