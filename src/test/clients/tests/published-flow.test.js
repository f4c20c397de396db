// The published flow from beginning to end by supabase-js: a user makes a key, a server verifies it, signs a token for an hour,
// reads with it under row level security, logs the use; the user revokes it, and it is refused.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { account, ask, client, otherAccount, sign, signIn, startApi } from '../suite.js'

let api
let service
before(async () => {
  api = await startApi()
  service = client(api.url, await sign({ role: 'service_role' }))
})
after(() => api.close())

test('create, verify, sign, read, log, revoke, refused', async () => {
  const user = client(api.url, await signIn())
  const scopes = [{ entity_type: 'document', entity_id: 'd0c00000-0000-4000-8000-000000000002', action: 'read' }]
  const made = await user.rpc('create_api_key', { p_account_id: account, p_name: 'Build server', p_scopes: scopes })
  assert.equal(made.error, null)
  assert.match(made.data.key, /^sk_[0-9A-Za-z]{65}$/)
  const { id, key } = made.data

  const verified = await service.rpc('verify_api_key', { p_api_key: key })
  assert.deepEqual(verified.data, { valid: true, api_key_id: id, account_id: account })

  const asKey = client(api.url, await sign({ role: 'api_key', sub: id }))
  const read = await asKey.from('documents').select('title')
  assert.deepEqual(read.data, [{ title: 'Report' }], 'the one document of its scope')
  const written = await asKey.from('documents').insert({ account_id: account, title: 'No scope for it' })
  assert.deepEqual([written.status, written.error.code], [403, '42501'])

  const logged = await service.rpc('log_api_key_usage', {
    p_api_key_id: id, p_endpoint: '/documents', p_method: 'GET', p_status_code: 200, p_ip_address: '203.0.113.7', p_user_agent: 'suite' })
  assert.equal(logged.data.success, true)
  const [line] = await ask('select endpoint, outcome from latchkey.usage where api_key_id = $1', [id])
  assert.deepEqual(line, { endpoint: '/documents', outcome: 'ok' })

  const listed = await user.rpc('list_api_keys', { p_account_id: account })
  assert.equal(listed.data.find((k) => k.id === id).is_active, true)
  assert.ok(!JSON.stringify(listed.data).includes(key.slice(3)), 'the list has no key in it')

  assert.equal((await user.rpc('revoke_api_key', { p_api_key_id: id })).data, true)
  assert.deepEqual((await service.rpc('verify_api_key', { p_api_key: key })).data, { valid: false, error: 'Invalid API key' })
  const afterwards = await asKey.from('documents').select('title')
  assert.deepEqual([afterwards.status, afterwards.error.code], [401, 'api_key_invalid'], 'its token, which has most of its hour left')
  const events = await ask('select type, actor_display from latchkey.events where object_id = $1 order by occurred_at', [id])
  assert.deepEqual(events, [
    { type: 'key.created', actor_display: 'anna@acme.io' }, { type: 'key.revoked', actor_display: 'anna@acme.io' }])
})

test('strangers and servers are refused', async () => {
  const user = client(api.url, await signIn())
  const stranger = await user.rpc('create_api_key', { p_account_id: otherAccount, p_name: 'Not mine', p_scopes: [] })
  assert.deepEqual([stranger.status, stranger.error.message],
    [403, 'Unauthorized: You do not have permission to create API keys for this account'])
  const server = await service.rpc('create_api_key', { p_account_id: account, p_name: 'By a server', p_scopes: [] })
  assert.equal(server.error.code, '42501')
  const unknown = await service.rpc('verify_api_key', { p_key: 'x' })
  assert.deepEqual([unknown.status, unknown.error.code], [404, 'PGRST202'])
  const missing = await service.rpc('log_api_key_usage', {
    p_api_key_id: account, p_endpoint: '/', p_method: 'GET', p_status_code: 200, p_ip_address: '', p_user_agent: '' })
  assert.deepEqual([missing.status, missing.error.code], [404, 'PT404'])
})

test('a token that was signed for a key that is none is refused', async () => {
  for (const sub of ['00000000-0000-4000-8000-000000000000', 'not an id', undefined]) {
    const { status, error } = await client(api.url, await sign({ role: 'api_key', sub })).from('documents').select('title')
    assert.deepEqual([status, error.code], [401, 'api_key_invalid'])
  }
})
