import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
pool.on('error', (failure) => console.error('An idle connection ended: %s', failure.message))

/** The key's id and account, or undefined for what is no key that works now. */
export async function verify(key, address) {
  const { rows } = await pool.query('select verify_api_key($1, $2) as answer', [key, address])
  const { valid, api_key_id: id, account_id: account } = rows[0].answer
  return valid ? { id, account } : undefined
}

export const close = () => pool.end()
