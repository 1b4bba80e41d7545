/** How the bus signs in at an endpoint of push. Told to the bus, sealed there, and never told back. */
export type EndpointAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** Client credentials (RFC 6749 §4.4); `tokenUrl` keeps to the same rules as the endpoint's address. */
  | {
      readonly kind: 'oauth2'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
      readonly scope?: string
    }
  /** PEM: the client's certificate, with those between it and its authority, and its private key. */
  | { readonly kind: 'mtls'; readonly certificate: string; readonly key: string }
