import { randomInt, randomUUID } from 'node:crypto'

import type { BirthRegistered, ClinicalDeclarationIssued, EventData } from '@unavez/schemas'
import type { Client, DeliveredEvent } from '@unavez/sdk'

import { birthType, declarationType, type Role } from './cast.ts'
import type { Family } from './citizens.ts'
import type { Story } from './story.ts'

export interface Stage {
  readonly clients: Readonly<Record<Role, Client<EventData>>>
  /** Subscriptions by `<consumer>←<contract>`. */
  readonly subscriptions: ReadonlyMap<string, string>
  readonly story: Story
  readonly signal: AbortSignal
}

export interface Seen {
  readonly subscription: string
  /** The cursor before the event: reading from here shows it again. */
  readonly from: string
}

export const subscriptionName = (consumer: string, contract: string): string => `${consumer}←${contract}`

/** A birth, from the hospital to everyone who has to know; nobody asks the family for a paper. */
export async function playBirth(stage: Stage, family: Family): Promise<Seen> {
  const { clients, story } = stage
  story.title('A birth, told once')

  const declaration = declarationOf(family)
  story.step('minsa', 'The hospital declares the birth. The Ministry of Health publishes:')
  story.shows(declaration)
  const now = new Date().toISOString()
  const declared = await clients.minsa.publish({
    id: randomUUID(),
    type: declarationType,
    time: now,
    occurredat: declaration.happenedAt,
    changetype: 'created',
    data: declaration,
  })

  const { event: heard } = await next<ClinicalDeclarationIssued>(stage, 'te', declarationType)
  story.step('te', 'The Civil Registry receives only what its agreement names (no weight, no date of issue):')
  story.shows({ subject: heard.subject, data: heard.data })

  const birth = birthOf(family, heard.data)
  story.step('te', 'It registers the birth, gives the child an identity number, and publishes once:')
  story.shows(birth)
  await clients.te.publish({
    id: randomUUID(),
    type: birthType,
    time: new Date().toISOString(),
    occurredat: declaration.happenedAt,
    changetype: 'created',
    causedby: declared.id,
    data: birth,
  })

  const told = [
    ['css', 'The Social Security Fund enrols the child, without asking for the certificate. It sees:'],
    ['meduca', 'The Ministry of Education plans school places. It sees no name and no identity number:'],
    ['minsa', 'The Ministry of Health closes its declaration. It sees:'],
  ] as const
  let seen: Seen | undefined
  for (const [who, text] of told) {
    const { event, from, subscription } = await next<BirthRegistered>(stage, who, birthType)
    story.step(who, text)
    story.shows({ subject: event.subject, data: event.data })
    seen ??= { subscription, from }
  }
  if (seen === undefined) throw new Error('nobody was told')
  story.note(
    '\n  Each of them knows the child under another pseudonym, and each disclosure was recorded before it left.',
  )
  return seen
}

/** The newest event of a subscription, committed as a real consumer would. */
async function next<Data>(stage: Stage, who: Role, contract: string): Promise<{ event: DeliveredEvent<Data> } & Seen> {
  const subscription = stage.subscriptions.get(subscriptionName(who, contract)) ?? ''
  for (let tries = 0; tries < 20; tries += 1) {
    const page = await stage.clients[who].pull<Data>(subscription, { limit: 500, wait: 10, signal: stage.signal })
    await stage.clients[who].commit(subscription, page.next)
    const event = page.events.at(-1)
    if (event !== undefined && !page.more) return { event, subscription, from: page.from }
  }
  throw new Error(`${who} was not told in time`)
}

function declarationOf(family: Family): ClinicalDeclarationIssued {
  const happened = new Date(Date.now() - randomInt(1, 48) * 3_600_000)
  return {
    person: family.mother,
    kind: 'birth',
    facility: 'HST-01',
    number: `DN-${randomInt(10_000, 99_999)}`,
    happenedAt: happened.toISOString(),
    issuedOn: new Date().toISOString().slice(0, 10),
    sex: family.sex,
    weightGrams: randomInt(2600, 4100),
  }
}

function birthOf(family: Family, declaration: ClinicalDeclarationIssued): BirthRegistered {
  return {
    child: family.child,
    givenNames: family.givenNames,
    surnames: family.surnames,
    birthDate: declaration.happenedAt.slice(0, 10),
    birthPlace: '080801',
    sex: family.sex,
    mother: family.mother,
    father: family.father,
    hospitalDeclaration: { facility: declaration.facility, number: declaration.number },
    registrationNumber: `2026-${randomInt(100_000, 999_999)}`,
  }
}
