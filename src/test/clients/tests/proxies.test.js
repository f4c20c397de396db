// createClient(url, key) before PostgREST alone, behind the proxies whose lines docs/operations.md prints.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, client, makeKey, makeProjectKey, sign, signIn, startApi, startProxy, user } from '../suite.js'

let api
before(async () => (api = await startApi()))
after(() => api.close())

test('without a proxy, PostgREST refuses the key that is repeated as Authorization', async () => {
  const { key } = await makeKey()
  const { status, error } = await client(api.url, key).from('documents').select('title')
  assert.deepEqual([status, error.code], [401, 'PGRST301'])
})

for (const name of ['nginx.conf', 'Caddyfile']) {
  describe(name, () => {
    let proxy
    before(async () => (proxy = await startProxy(name, api.url)))
    after(() => proxy.stop())

    test('a scoped key reads', async () => {
      const { key } = await makeKey()
      const { data, error } = await client(proxy.url, key).from('documents').select('title').order('title')
      assert.equal(error, null)
      assert.deepEqual(data, [{ title: 'Plan' }, { title: 'Report' }])
    })

    test('a secret key is its role, a publishable one is anon', async () => {
      const { key: secret } = await makeProjectKey('secret')
      const { key: publishable } = await makeProjectKey('publishable')
      const { key } = await makeKey()
      const verified = await client(proxy.url, secret).rpc('verify_api_key', { p_api_key: key })
      assert.equal(verified.data.valid, true)
      const refused = await client(proxy.url, publishable).rpc('verify_api_key', { p_api_key: key })
      assert.deepEqual([refused.status, refused.error.code], [401, '42501'])
    })

    test('tokens stay, beside a key and alone', async () => {
      const { key: publishable } = await makeProjectKey('publishable')
      const token = await signIn()
      for (const headers of [{ apikey: publishable, Authorization: `Bearer ${token}` }, { apikey: token, Authorization: `Bearer ${token}` },
        { Authorization: `Bearer ${token}` }]) {
        const response = await fetch(`${proxy.url}/rest/v1/documents?select=title`, { headers })
        assert.equal(response.status, 200)
        assert.equal((await response.json()).length, 2, 'what the user may see')
      }
    })

    test('what is not repeated stays, so that it is refused and not made anonymous', async () => {
      const { key } = await makeKey()
      const { key: other } = await makeKey()
      for (const headers of [{ Authorization: `Bearer ${key}` }, { apikey: other, Authorization: `Bearer ${key}` },
        { apikey: key, Authorization: `Bearer ${key}x` }]) {
        const response = await fetch(`${proxy.url}/documents`, { headers })
        assert.deepEqual([response.status, (await response.json()).code], [401, 'PGRST301'])
      }
    })

    test('a client cannot say that it is elsewhere', async () => {
      const { id, key } = await makeKey()
      const bindTo = (networks) =>
        ask('select latchkey.update_api_key(k.id, k.version, $2) from latchkey.keys as k where k.id = $1',
          [id, { allowed_cidrs: networks }], { role: 'keys_admin' })
      await bindTo(['203.0.113.0/24'])
      for (const headers of [{}, { 'X-Forwarded-For': '203.0.113.7' }, { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }]) {
        const response = await fetch(`${proxy.url}/documents`, { headers: { apikey: key, ...headers } })
        assert.deepEqual([response.status, (await response.json()).code], [401, 'api_key_invalid'], JSON.stringify(headers))
      }
      await bindTo(['127.0.0.0/8'])
      const response = await fetch(`${proxy.url}/documents`, { headers: { apikey: key, 'X-Forwarded-For': '203.0.113.7' } })
      assert.equal(response.status, 200)
    })

    test('a key without a beginning is no token either', async () => {
      const { error } = await client(proxy.url, '3MhgYujTgHu2NHIzRXt0mVMcwzh0123456789abcdef0123456789abcdef').from('documents').select('title')
      assert.equal(error.code, 'api_key_invalid')
    })

    test('a key in x-api-key wins over a user’s token', async () => {
      const { key } = await makeKey([{ entity_type: 'document', entity_id: 'd0c00000-0000-4000-8000-000000000001', action: 'read' }])
      const token = await sign({ role: 'authenticated', sub: user })
      const response = await fetch(`${proxy.url}/documents?select=title`, { headers: { 'x-api-key': key, apikey: token, Authorization: `Bearer ${token}` } })
      assert.deepEqual(await response.json(), [{ title: 'Plan' }])
    })
  })
}
