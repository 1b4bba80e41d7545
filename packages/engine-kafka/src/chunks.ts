/** The items in their order, at most so many together: Redis does nothing else while it answers one command. */
export const inChunks = <T>(items: readonly T[], most: number): readonly (readonly T[])[] =>
  items.length <= most
    ? items.length === 0
      ? []
      : [items]
    : Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most))
