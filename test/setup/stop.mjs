export default async function stop() {
  await Promise.all(globalThis.unavezServers.map((server) => server.stop()))
}
