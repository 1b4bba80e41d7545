/** What one round measured, by name with its unit. */
export type Sample = Readonly<Record<string, number>>

export interface Variant {
  readonly name: string
  readonly round: () => Promise<Sample>
}

interface Measured {
  readonly name: string
  readonly samples: readonly Sample[]
}

/** A B A B …: what disturbs the machine disturbs all variants alike. One unmeasured round of each comes first. */
export async function rounds(variants: readonly Variant[], count: number): Promise<readonly Measured[]> {
  const measured = variants.map(({ name }) => ({ name, samples: [] as Sample[] }))
  for (let round = -1; round < count; round++) {
    for (const [i, variant] of variants.entries()) {
      const sample = await variant.round()
      if (round >= 0) measured[i]?.samples.push(sample)
    }
  }
  return measured
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value.toPrecision(value >= 100 ? 3 : 2)
}

/** Median, and in brackets least and most. */
function told(values: readonly number[]): string {
  if (values.length === 1) return short(values[0] ?? NaN)
  return `${short(quantile(values, 0.5))} (${short(Math.min(...values))}–${short(Math.max(...values))})`
}

/** One line per variant; the last lines are ratios of the others to the first, taken round by round. */
export function table(measured: readonly Measured[]): string {
  const columns = [...new Set(measured.flatMap(({ samples }) => samples.flatMap((sample) => Object.keys(sample))))]
  const of = ({ samples }: Measured, column: string): readonly number[] =>
    samples.flatMap((sample) => sample[column] ?? [])
  const lines = measured.map((each) => [each.name, ...columns.map((column) => told(of(each, column)))])
  const [yardstick, ...others] = measured
  const ratios = others.map((each) => [
    `${each.name} ÷ ${yardstick?.name ?? ''}`,
    ...columns.map((column) => {
      const base = yardstick === undefined ? [] : of(yardstick, column)
      return told(of(each, column).map((value, i) => value / (base[i] ?? NaN)))
    }),
  ])
  return aligned([['', ...columns], ...lines, ...ratios])
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()).join('\n')
}
