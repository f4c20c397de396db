import http from 'node:http'
import { verify } from './verify.js'
import { clientOf } from './one-hour-token.js'
import { logUse } from './log-batches.js'

export const server = http.createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const address = request.socket.remoteAddress
  try {
    const key = await verify(request.headers['x-api-key'] ?? '', address)
    if (!key) return answer(401, { error: 'Invalid API key' })

    const documents = await (await clientOf(key.id)).from('documents').select('title').order('title')
    if (documents.error) return answer(documents.status, { error: documents.error.message })
    answer(200, documents.data)
    logUse(key.id, request, 200)
  } catch (failure) {
    console.error(failure.message)
    answer(503, { error: 'Try again later' })
  }
})
