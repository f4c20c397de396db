// The pages print files of this suite: each block stands after a comment that names its file, and is equal to it.

import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { after, before } from 'node:test'
import { client, makeKey, makeProjectKey, sign, signIn, startApi, startProxy, ask, account } from '../suite.js'

const page = (name) => readFile(`${process.env.REPOSITORY}/docs/${name}`, 'utf8')
const printed = (text) => [...text.matchAll(/<!-- src\/test\/clients\/(\S+) -->\n```\w*\n(.*?)```/gs)].map(([, file, block]) => ({ file, block }))

for (const [name, folder] of [['for-applications.md', 'examples'], ['operations.md', 'proxy']]) {
  test(`docs/${name} prints what was run`, async () => {
    const blocks = printed(await page(name))
    for (const { file, block } of blocks) {
      assert.equal(block, await readFile(new URL(`../${file}`, import.meta.url), 'utf8'), file)
    }
    const files = (await readdir(new URL(`../${folder}`, import.meta.url))).map((file) => `${folder}/${file}`)
    assert.deepEqual(blocks.map((b) => b.file).sort(), files.sort(), 'each file once')
  })
}

test('docs/for-applications.md has no block of code that was not run', async () => {
  const text = await page('for-applications.md')
  assert.equal(text.match(/^```\w+$/gm).length, printed(text).length)
})

// What each refusal looks like: the rows of the page's table, by the words of their first column.
let api
let proxy
before(async () => {
  api = await startApi()
  proxy = await startProxy('nginx.conf', api.url)
})
after(async () => {
  await proxy.stop()
  await api.close()
})

const read = (headers) => fetch(`${proxy.url}/documents?select=title`, { headers })
const write = (headers) =>
  fetch(`${proxy.url}/documents`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify({ account_id: account, title: 'x' }) })
const bearer = (token) => ({ Authorization: `Bearer ${token}` })
const legacy = () => sign({ role: 'anon' }, '10y')

const cases = {
  'No key and no token, and `anon` may not': () => read({}),
  'No key of ours, ended, or from elsewhere': () => read({ apikey: 'sk_none' }),
  'Scoped key in a header; it reads what its scopes do not give': async () => read({ 'x-api-key': (await makeKey([])).key }),
  'Scoped key in a header; it writes what its scopes do not give': async () => write({ 'x-api-key': (await makeKey()).key }),
  'One-hour token of a key; it writes what its scopes do not give': async () => write(bearer(await sign({ role: 'api_key', sub: (await makeKey()).id }))),
  'One-hour token of a key that has ended': async () => {
    const { id } = await makeKey()
    await ask(`select latchkey.revoke_key($1, 'Over')`, [id], { role: 'keys_admin' })
    return read(bearer(await sign({ role: 'api_key', sub: id })))
  },
  'User token that was revoked, or that nobody registered': async () =>
    read(bearer(await sign({ role: 'authenticated', sub: '5e500000-0000-4000-8000-000000000001', jti: '1'.repeat(27) }))),
  'Legacy key that is switched off': async () => {
    await ask(`select latchkey.switch_legacy_key('anon', false)`, [], { role: 'keys_admin' })
    try {
      return await read(bearer(await legacy()))
    } finally {
      await ask(`select latchkey.switch_legacy_key('anon', true)`, [], { role: 'keys_admin' })
    }
  },
  'Token whose time is over': async () => read(bearer(await sign({ role: 'authenticated' }, '-1m'))),
  'Key as `Authorization`, and no proxy that drops it': async () => {
    const { key } = await makeKey()
    return fetch(`${api.url}/documents`, { headers: { apikey: key, ...bearer(key) } })
  },
  'Bad argument of a function': async () => {
    const { status, error } = await client(proxy.url, (await makeProjectKey('secret')).key)
      .rpc('log_api_key_usage_batch', { p_entries: [{}] })
    return { status, json: () => error }
  },
  'Key that there is not, in a call': async () => {
    const { status, error } = await client(proxy.url, await signIn()).rpc('revoke_api_key', { p_api_key_id: account })
    return { status, json: () => error }
  },
}

test('docs/for-applications.md says what each refusal looks like', async () => {
  const table = (await page('for-applications.md')).split('## What each refusal looks like')[1]
  const rows = [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|/gm)].slice(1).filter(([, what]) => !what.startsWith('---'))
  const said = Object.fromEntries(rows.map(([, what, status, code]) => [what, `${status} ${code}`]))
  const seen = {}
  for (const [what, request] of Object.entries(cases)) {
    const response = await request()
    const body = await response.json()
    seen[what] = `${response.status} ${body?.code ? `\`${body.code}\`` : `\`${JSON.stringify(body)}\``}`
  }
  assert.deepEqual(said, seen)
})
