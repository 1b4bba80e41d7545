import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { contracts, type EventData } from '@unavez/schemas'
import type { Client } from '@unavez/sdk'
import type { SandboxSettings, Service, Surroundings } from '@unavez/service-kit'

import { birthType, cast, declarationType, type Role, wishes } from './cast.ts'
import { newFamily } from './citizens.ts'
import { publishContract, subscribed } from './exchange.ts'
import { identitiesIn } from './identities.ts'
import { playBirth, type Seen, subscriptionName } from './journey.ts'
import { clientIdOf, join as joinBus, memberClient, operatorClient, realInstitutionExists } from './membership.ts'
import { openStory } from './story.ts'

/** Plays the birth journey at each start, with new citizens, once the bus is ready; only while no real institution exists. */
export const sandbox: Service = {
  name: 'sandbox',
  async start(surroundings: Surroundings): Promise<void> {
    const { settings, closing, log } = surroundings
    if (settings.sandbox === undefined) return
    const playing = play(settings.sandbox, closing).catch((error: unknown) => {
      if (!closing.aborted)
        log.error({ reason: error instanceof Error ? error.message : '' }, 'the sandbox could not play')
    })
    surroundings.onClose(() => playing)
  },
}

async function play(settings: SandboxSettings, signal: AbortSignal): Promise<void> {
  const url = await settings.ready
  if (signal.aborted) return
  const story = openStory(settings.print)
  const operator = operatorClient(url, settings.operatorKey)
  if (await realInstitutionExists(operator)) {
    story.note('Real institutions have joined: the sandbox stays silent.')
    return
  }
  const members = Object.values(cast)
  const identities = identitiesIn(settings.directory, members.map(clientIdOf))
  for (const member of members) await joinBus(operator, member, identities)
  const clients = Object.fromEntries(
    members.map((member) => [member.id, memberClient(url, member, identities)]),
  ) as Record<Role, Client<EventData>>
  for (const type of [declarationType, birthType])
    await publishContract(clients[contracts[type].owner], contracts[type])
  const subscriptions = new Map<string, string>()
  for (const wish of wishes) {
    const made = await subscribed({ ...wish, consumer: clients[wish.consumer], owner: clients[wish.owner] })
    subscriptions.set(subscriptionName(wish.consumer, wish.contract), made.subscription)
  }
  const seen = await playBirth({ clients, subscriptions, story, signal }, newFamily())
  await tellWhereToLook({ url, settings, seen, css: clients.css })
}

interface Ending {
  readonly url: string
  readonly settings: SandboxSettings
  readonly seen: Seen
  readonly css: Client
}

async function tellWhereToLook({ url, settings, seen, css }: Ending): Promise<void> {
  const directory = join(settings.directory, 'sandbox')
  mkdirSync(directory, { recursive: true })
  const token = join(directory, 'css.token')
  writeFileSync(token, await css.token(), { mode: 0o600 })
  const story = openStory(settings.print)
  story.title('Where to look next')
  story.note(`The API, to read and to try:   ${url}/docs`)
  story.note('The same birth as the Social Security Fund sees it (the token lasts ten minutes):\n')
  story.note(`  curl -s -H "Authorization: Bearer $(cat ${token})" \\`)
  story.note(`    '${url}/v1/subscriptions/${seen.subscription}/events?after=${seen.from}'\n`)
  story.note('The bus keeps running; Ctrl-C stops it. A second start plays this with new citizens.')
}
