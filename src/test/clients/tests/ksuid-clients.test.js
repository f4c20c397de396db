// Clients of the published KSUID design after it was taken over: supabase-js by named arguments, and calls by position of
// drivers, which go on meaning the other published design.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import postgres from 'postgres'
import { ask, client, run, sign, signIn, startApi, urlOf, user } from '../suite.js'

const database = 'taken_over'
let api
let service
before(async () => {
  api = await startApi(database)
  service = client(api.url, await sign({ role: 'service_role' }))
})
after(() => api.close())

for (const name of ['as published', 'mended as bytes']) {
  test(`a key whose hash is ${name} verifies`, async () => {
    const [{ key }] = await ask('select key from suite_keys where name = $1', [name], { database })
    assert.deepEqual([(await service.rpc('verify_api_key', { full_key: key })).data], [user])
    assert.deepEqual([(await service.rpc('verify_api_key', { full_key: `${key}0` })).data], [null])
  })
}

test('a server makes, lists and pages keys, and a user those of its own', async () => {
  for (const caller of [service, client(api.url, await signIn())]) {
    const made = await caller.rpc('create_api_key', { client_id: user, key_name: 'Phone' })
    assert.match(made.data, /^[0-9A-Za-z]{59}$/)
    const listed = await caller.rpc('list_api_keys', { client_id: user, limit_count: 1, offset_count: 0 })
    assert.deepEqual(listed.data.map(({ id, name, last4 }) => [id, name, last4]), [[made.data.slice(0, 27), 'Phone', made.data.slice(-4)]])
    assert.ok((await caller.rpc('list_api_keys', { client_id: user })).data.length > 2)
  }
  const stranger = client(api.url, await sign({ role: 'authenticated', sub: '5e500000-0000-4000-8000-000000000009' }))
  assert.equal((await stranger.rpc('create_api_key', { client_id: user, key_name: 'x' })).status, 403)
})

test('the functions of the other design are called beside them', async () => {
  assert.deepEqual((await service.rpc('verify_api_key', { p_api_key: 'x' })).data, { valid: false, error: 'Invalid API key' })
})

test('calls by position mean the other design, whatever type a driver gives the key', async () => {
  const wanted = { valid: false, error: 'Invalid API key' }
  const by = { role: 'app_server', database }
  assert.deepEqual(await ask('select verify_api_key($1) as answer', ['x'], by), [{ answer: wanted }])
  const sql = postgres(urlOf('app_server', database))
  const rows = await sql`select verify_api_key(${'x'}) as answer`
  await sql.end()
  assert.deepEqual(rows[0].answer, wanted)
  const python = `import psycopg; print(psycopg.connect(${JSON.stringify(urlOf('app_server', database))}).execute("select pg_typeof(verify_api_key(%s))", ("x",)).fetchone()[0])`
  assert.equal(await run('/usr/bin/python3', ['-c', python]), 'jsonb')
})

test('list_api_keys by position wants its argument’s type', async () => {
  await assert.rejects(ask('select * from list_api_keys($1)', [user], { database }), { code: '42725' })
  const [key] = await ask('select * from list_api_keys($1::uuid)', [user], { database })
  assert.ok('is_active' in key, 'the columns of the other design')
})
