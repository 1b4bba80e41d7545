export { type Config, readConfig } from './config.ts'
export { type Host, type HostOptions, startHost } from './host.ts'
export { selectServices, services } from './services.ts'
