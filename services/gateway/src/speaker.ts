import type { Actor, InstitutionState } from '@unavez/policy'
import { byOf } from '@unavez/service-kit'

/** What every event of one system shares. */
export interface Speaker {
  readonly institution: string
  /** `urn:unavez:<country>:<institution>:<system>` */
  readonly source: string
  /** As the header of that name has it. */
  readonly by: string
}

/** Made once per verified token, and again when the institution has changed. */
export class Speakers {
  readonly #known = new WeakMap<Actor, { readonly state: InstitutionState; readonly speaker: Speaker }>()

  of(actor: Actor, state: InstitutionState): Speaker {
    const known = this.#known.get(actor)
    if (known?.state === state) return known.speaker
    const { institution, system } = actor
    const source = `urn:unavez:${state.country.toLowerCase()}:${institution}:${system}`
    const speaker = { institution, source, by: JSON.stringify(byOf(actor)) }
    this.#known.set(actor, { state, speaker })
    return speaker
  }
}
