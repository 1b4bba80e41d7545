import { limits } from '@unavez/engine'
import { follow, isWanted, openNotices, type Service } from '@unavez/service-kit'

import { documentRoutes } from './document-routes.ts'
import { keepDeadlines } from './due.ts'
import { openEvidence } from './evidence.ts'
import { meterRoutes } from './meter-routes.ts'
import { previewRoutes } from './preview-routes.ts'
import { procedureRoutes } from './procedure-routes.ts'
import { providerRoutes } from './provider-routes.ts'
import { reuseRoutes } from './reuse-routes.ts'
import { requesterRoutes } from './requester-routes.ts'
import { showingTopics } from './showing.ts'
import { foldEvidence } from './fold.ts'
import { noticesOf } from './notices.ts'
import { followStale } from './stale.ts'
import { evidenceFollower } from './views.ts'
import { evidenceTopic } from './record.ts'

/** Once only: requirement → evidence → provider, request to answer. */
export const evidence: Service = {
  name: 'evidence',
  async start(surroundings) {
    const { engine, keys, log } = surroundings
    await engine.log.ensureTopics(
      showingTopics.map((name) => ({ name, partitions: limits.partitions, cleanup: 'keep' as const })),
    )
    const { policy } = surroundings.control
    const notices = await openNotices(engine)
    const mac = keys.of('evidence-mac')
    const following = await follow({
      engine,
      name: evidenceFollower,
      topics: [evidenceTopic],
      fold: async (messages, { partition }) => {
        const { changes, steps } = await foldEvidence({ views: engine.views, mac }, messages, partition)
        // Before the checkpoint moves: what is found again is the same notice again.
        for (const { before, after, at } of steps)
          for (const notice of noticesOf(before, after, at))
            if (isWanted(policy, notice)) await notices.raise(notice, policy.offset)
        return changes
      },
      onError: (error, { partition }) =>
        log.warn({ partition, reason: error instanceof Error ? error.message : '' }, 'requests are not folded'),
    })
    surroundings.onClose(() => following.close())
    const opened = openEvidence(surroundings)
    requesterRoutes(surroundings, opened)
    providerRoutes(surroundings, opened)
    documentRoutes(surroundings, opened)
    previewRoutes(surroundings, opened)
    procedureRoutes(surroundings, opened)
    reuseRoutes(surroundings, opened)
    meterRoutes(surroundings, opened)
    await followStale(surroundings, notices)
    await keepDeadlines(surroundings, opened)
  },
}
