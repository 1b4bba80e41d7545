import { limits } from '@unavez/engine'
import { follow, type Service } from '@unavez/service-kit'

import { documentRoutes } from './document-routes.ts'
import { keepDeadlines } from './due.ts'
import { openEvidence } from './evidence.ts'
import { meterRoutes } from './meter-routes.ts'
import { previewRoutes } from './preview-routes.ts'
import { procedureRoutes } from './procedure-routes.ts'
import { providerRoutes } from './provider-routes.ts'
import { requesterRoutes } from './requester-routes.ts'
import { showingTopics } from './showing.ts'
import { evidenceFollower, foldEvidence } from './views.ts'
import { evidenceTopic } from './record.ts'

/** Once only: requirement → evidence → provider, request to answer. */
export const evidence: Service = {
  name: 'evidence',
  async start(surroundings) {
    const { engine, keys, log } = surroundings
    await engine.log.ensureTopics(
      showingTopics.map((name) => ({ name, partitions: limits.partitions, cleanup: 'keep' as const })),
    )
    const mac = keys.of('evidence-mac')
    const following = await follow({
      engine,
      name: evidenceFollower,
      topics: [evidenceTopic],
      fold: (messages, { partition }) => foldEvidence({ views: engine.views, mac }, messages, partition),
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
    meterRoutes(surroundings, opened)
    await keepDeadlines(surroundings, opened)
  },
}
