import postgres from 'postgres'

const sql = postgres(process.env.DATABASE_URL)
let waiting = []

/** Remembers one request. Costs the request nothing; a line may be lost with the process. */
export function logUse(id, request, status) {
  waiting.push({
    api_key_id: id,
    endpoint: request.url,
    method: request.method,
    status_code: status,
    ip_address: request.socket.remoteAddress,
    user_agent: request.headers['user-agent'] ?? null,
    timestamp: new Date().toISOString(),
  })
  if (waiting.length >= 1000) flush()
}

/** Writes what waits, in one call; all of it or nothing. */
export async function flush() {
  const lines = waiting.splice(0, 1000)
  if (lines.length === 0) return
  try {
    await sql`select log_api_key_usage_batch(${sql.json(lines)})`
  } catch (failure) {
    console.error('Use was not logged: %s', failure.message)
    if (failure.code !== '22023') waiting = lines.concat(waiting).slice(0, 10_000)
  }
}

const timer = setInterval(flush, 5_000)

export async function close() {
  clearInterval(timer)
  await flush()
  await sql.end()
}
