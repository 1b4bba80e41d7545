import { describe } from '@jest/globals'

/**
 * The one place where tests are left out: those that need a server which this machine does not have. The run itself says
 * loudly what is missing, and fails before it comes here when Kafka is required.
 */
export const describeWhere = (there: boolean): typeof describe | typeof describe.skip =>
  there ? describe : describe.skip
