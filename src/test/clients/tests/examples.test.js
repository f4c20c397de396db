// Every block of docs/for-applications.md as it is printed there, behind nginx. tests/pages.test.js checks that page and files are equal.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { account, ask, client, freePort, makeKey, makeProjectKey, psql, run, signIn, startApi, startListener, startProxy, urlOf } from '../suite.js'

const example = (name) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url))
const load = (name) => import(new URL(`../examples/${name}`, import.meta.url))
const both = [{ title: 'Plan' }, { title: 'Report' }]

let api
let proxy
before(async () => {
  api = await startApi()
  proxy = await startProxy('nginx.conf', api.url)
  Object.assign(process.env, {
    API_URL: proxy.url,
    DATABASE_URL: urlOf('app_server'),
    PUBLISHABLE_KEY: (await makeProjectKey('publishable')).key,
    SECRET_KEY: (await makeProjectKey('secret')).key,
  })
})
after(async () => {
  await proxy.stop()
  await api.close()
})

const lines = (id) => ask('select endpoint, method, outcome from latchkey.usage where api_key_id = $1', [id])

test('create.sql and verify.sql', async () => {
  const key = await psql('keys_admin', example('create.sql'))
  assert.match(key, /^sk_[0-9A-Za-z]{65}$/)
  const [answer, logged] = (await psql('app_server', example('verify.sql'), { key })).split('\n')
  assert.equal(JSON.parse(answer).account_id, account)
  assert.equal(logged, 'true')
  assert.deepEqual(await lines(JSON.parse(answer).api_key_id), [{ endpoint: '/documents', method: 'GET', outcome: 'ok' }])
  await assert.rejects(psql('keys_admin', example('verify.sql'), { key }), /permission denied/)
})

test('limits.sql', async () => {
  const { id, key } = await makeKey()
  assert.equal(await psql('keys_admin', example('limits.sql'), { id }), '{203.0.113.0/24}|600')
  const { verify } = await load('verify.js')
  assert.equal(await verify(key, '198.51.100.1'), undefined)
  assert.equal((await verify(key, '203.0.113.7')).id, id)
})

test('rotate.sql: both keys work, then the new one alone', async () => {
  const { id, key } = await makeKey()
  const { verify } = await load('verify.js')
  const [made, old] = (await psql('keys_admin', example('rotate.sql'), { id })).split('\n')
  const newKey = made.split('|')[0]
  assert.match(old, /^rotating\|/)
  assert.equal((await verify(key, null)).id, id)
  assert.equal((await verify(newKey, null)).account, account)
  await ask('select latchkey.end_grace($1)', [id], { role: 'keys_admin' })
  assert.equal(await verify(key, null), undefined)
  assert.equal((await verify(newKey, null)).account, account)
})

test('server.js with verify.js, one-hour-token.js and log-batches.js', async () => {
  const { id, key } = await makeKey()
  const { server } = await load('server.js')
  const { flush } = await load('log-batches.js')
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const request = (key) => fetch(`http://127.0.0.1:${server.address().port}/v1/documents`, { headers: { 'x-api-key': key } })
  const answer = await request(key)
  assert.deepEqual([answer.status, await answer.json()], [200, both])
  for (const none of ['', 'sk_none', `${key}x`]) {
    const refused = await request(none)
    assert.deepEqual([refused.status, await refused.json()], [401, { error: 'Invalid API key' }])
  }
  await flush()
  assert.deepEqual((await lines(id)).filter((line) => line.outcome === 'ok'), [{ endpoint: '/v1/documents', method: 'GET', outcome: 'ok' }])
  server.close()
  server.closeAllConnections()
})

test('log-batches.js keeps lines that the database did not take', async () => {
  const { id } = await makeKey()
  const { flush, logUse } = await load('log-batches.js')
  const request = { url: '/kept', method: 'GET', socket: { remoteAddress: '127.0.0.1' }, headers: {} }
  await ask('alter role app_server connection limit 0')
  await ask(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app_server'`)
  const said = console.error
  console.error = () => {}
  logUse(id, request, 200)
  await flush()
  console.error = said
  await ask('alter role app_server connection limit -1')
  assert.deepEqual(await lines(id), [])
  await flush()
  assert.deepEqual(await lines(id), [{ endpoint: '/kept', method: 'GET', outcome: 'ok' }])
})

test('behind-postgrest.js', async () => {
  const { id, key } = await makeKey()
  const { withKey, besidePublishable } = await load('behind-postgrest.js')
  for (const as of [withKey, besidePublishable]) {
    const { data, error } = await as(key).from('documents').select('title').order('title')
    assert.equal(error, null)
    assert.deepEqual(data, both)
  }
  const [{ last_used_at }] = await ask('select last_used_at from latchkey.keys where id = $1', [id])
  assert.equal(last_used_at, null, 'not known: reading leaves no trace')
})

test('settings-page.js: keys and tokens of a user', async () => {
  const page = await load('settings-page.js')
  const user = await signIn()
  const { id, key } = await page.createKey(user, account, 'Mine', [])
  assert.equal((await page.listKeys(user, account)).find((k) => k.id === id).name, 'Mine')
  assert.equal(await page.revokeKey(user, id), true)
  const { verify } = await load('verify.js')
  assert.equal(await verify(key, null), undefined)

  const token = await page.createToken(user, 'Laptop', new Date(Date.now() + 30 * 86_400_000))
  const documents = () => client(proxy.url, process.env.PUBLISHABLE_KEY, { Authorization: `Bearer ${token}` }).from('documents').select('title').order('title')
  assert.deepEqual((await documents()).data, both)
  const { jti } = (await page.listTokens(user)).find((t) => t.name === 'Laptop')
  assert.equal(await page.revokeToken(user, jti), true)
  const refused = await documents()
  assert.deepEqual([refused.status, refused.error.code], [401, 'token_invalid'])
})

test('edge-function.ts on Deno', async () => {
  const { key } = await makeKey()
  const port = await freePort()
  const edge = await startListener(process.env.DENO, ['run', '--no-prompt', '--allow-net=127.0.0.1', '--allow-env', example('edge-function.ts')], port,
    { PORT: String(port), NODE_OPTIONS: '', DENO_NO_UPDATE_CHECK: '1', DENO_DIR: process.env.DENO_DIR })
  try {
    const answer = await fetch(edge.url, { headers: { 'x-api-key': key } })
    assert.deepEqual([answer.status, await answer.json()], [200, both])
    const refused = await fetch(edge.url, { headers: { 'x-api-key': `${key}x` } })
    assert.deepEqual([refused.status, await refused.json()], [401, { error: 'Invalid API key' }])
  } finally {
    await edge.stop()
  }
})

test('verify.py', async () => {
  const { id, key } = await makeKey()
  const program = `
import sys
sys.path.insert(0, ${JSON.stringify(fileURLToPath(new URL('../examples', import.meta.url)))})
import verify
print(verify.verify(sys.argv[1] + "x", None))
id, account = verify.verify(sys.argv[1], "203.0.113.7")
print(verify.documents_of(id))
verify.log_use([{"api_key_id": id, "endpoint": "/python", "method": "GET", "status_code": 200}] * 2)
`
  const said = await run('/usr/bin/python3', ['-B', '-c', program, key])
  assert.deepEqual(said.split('\n'), ['None', "[{'title': 'Plan'}, {'title': 'Report'}]"])
  assert.deepEqual((await lines(id)).map((line) => line.endpoint), ['/python', '/python'])
})

test('Documents.java', async () => {
  const { key } = await makeKey()
  const url = (role) => urlOf(role).replace(/^postgresql:\/\/([^:]+):([^@]+)@(.*)$/, 'jdbc:postgresql://$3?user=$1&password=$2')
  const java = (API_KEY) => run(process.env.JAVA, ['-cp', process.env.PGJDBC, example('Documents.java')],
    { API_KEY, SERVER_URL: url('app_server'), READER_URL: url('app_reader') })
  assert.equal(await java(key), 'Plan\nReport')
  assert.equal(await java(`${key}x`), 'Invalid API key')
})

after(async () => {
  await (await load('verify.js')).close()
  await (await load('log-batches.js')).close()
})
