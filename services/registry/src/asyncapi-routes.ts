import type { Language } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { asyncapiOf } from './asyncapi.ts'

/** Made again only when policy has moved on: anyone may ask. */
export function asyncapiRoute({ http, control: { policy }, settings: { publicUrl } }: Surroundings): void {
  const made = new Map<Language, { readonly offset: number; readonly text: string }>()

  function textIn(language: Language): string {
    const kept = made.get(language)
    if (kept?.offset === policy.offset) return kept.text
    const text = JSON.stringify(asyncapiOf(policy.contracts(), { publicUrl, language }))
    made.set(language, { offset: policy.offset, text })
    return text
  }

  http.route({
    method: 'GET',
    url: '/asyncapi.json',
    owner: 'registry',
    summary: 'The published event types, as AsyncAPI 3.0',
    access: { open: true, why: 'public' },
    handle: ({ language }) => ({
      headers: { 'content-type': 'application/json', 'content-language': language, vary: 'accept-language' },
      body: textIn(language),
    }),
  })
}
