import { openDatabase } from './database.ts';
const t=performance.now();
const db = await openDatabase({dataDir:'/tmp/a/data', url: undefined, log: console});
console.log('open', performance.now()-t, db.enginePid);
console.log((await db.pool.query('select 1::int8 a, $1::jsonb b',[{x:1}])).rows);
const j = await openDatabase({dataDir:'/tmp/a/data', url: undefined, log: console, join:true});
console.log((await j.pool.query('select version()')).rows); await j.close();
await openDatabase({dataDir:'/tmp/a/data', url: undefined, log: console}).catch(e=>console.log(e.message));
await db.close(); console.log('closed', performance.now()-t);
