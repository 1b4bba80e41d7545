const duration =
  /^P(?=.)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}S)?)?$/

/** ISO 8601, to the second, and not nothing at all: `PT1H`. */
export const isDuration = (text: string): boolean => duration.test(text) && /[1-9]/.test(text)
