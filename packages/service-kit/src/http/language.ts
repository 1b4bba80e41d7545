import type { Language } from '@unavez/protocol'

/** RFC 9110 `Accept-Language`: the better liked of es and en; es when neither is named or they tie. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined || !header.includes('en')) return 'es'
  let best: Language = 'es'
  let bestQuality = 0
  for (const range of header.slice(0, 256).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const language = tag.split('-')[0]
    if (language !== 'es' && language !== 'en') continue
    const quality = qualityOf(parameters)
    if (quality > bestQuality) {
      best = language
      bestQuality = quality
    }
  }
  return best
}

function qualityOf(parameters: readonly string[]): number {
  const named = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
  const quality = named === undefined ? 1 : Number(named.slice(2))
  return Number.isFinite(quality) ? quality : 0
}
