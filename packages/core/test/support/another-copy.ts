let copies = 0;

/** Loads a module of core once more, as a second installed version of it would be. */
export async function anotherCopy<Module>(name: string): Promise<Module> {
  const url = new URL(`../../src/${name}.ts?copy=${++copies}`, import.meta.url);
  return (await import(url.href)) as Module;
}
