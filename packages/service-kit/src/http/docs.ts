import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import type { Http, Reply } from '../http.ts'

const page = `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unavez: API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/begin.js"></script>
</body>
</html>
`
const begin = `SwaggerUIBundle({ url: '../openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null })\n`

/** Everything comes from this origin; Swagger UI sets styles inline and draws its icons from data. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', html: 'text/html' }

/** `/docs`: Swagger UI over `/openapi.json`, without anything from elsewhere. */
export function addDocs(http: Http): void {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@fastify/swagger-ui/package.json')), 'static')
  const reply = (name: string, body: string | Buffer): Reply => ({
    headers: {
      'content-type': `${types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain'}; charset=utf-8`,
      'content-security-policy': policy,
      'cache-control': 'public, max-age=3600',
    },
    body,
  })
  const add = (url: string, summary: string, answer: () => Promise<Reply> | Reply): void =>
    http.route({
      method: 'GET',
      url,
      owner: 'service-kit',
      summary,
      access: { open: true, why: 'public' },
      handle: answer,
    })
  add('/docs', 'The API as a page', () => reply('page.html', page))
  add('/docs/begin.js', 'Starts the page', () => reply('begin.js', begin))
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    add(`/docs/${name}`, 'Part of the page', async () => reply(name, await readFile(join(folder, name))))
  }
}
