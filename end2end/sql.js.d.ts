// What of sql.js the tests use: SQLite as WebAssembly, for a database that no server has open.
declare module "sql.js" {
  export type Value = number | string | Uint8Array | null;
  export interface Database {
    run(sql: string, values?: Value[]): Database;
    exec(sql: string, values?: Value[]): { columns: string[]; values: Value[][] }[];
    getRowsModified(): number;
    export(): Uint8Array;
    close(): void;
  }
  const open: () => Promise<{ Database: new (file: Uint8Array) => Database }>;
  export default open;
}
