// Names of programs as they write themselves. Their own word stands where none is known.
const NAMES: Record<string, string> = {
  a1111: 'AUTOMATIC1111',
  automatic1111: 'AUTOMATIC1111',
  comfyui: 'ComfyUI',
  dalle: 'DALL·E',
  drawthings: 'Draw Things',
  easydiffusion: 'Easy Diffusion',
  fooocus: 'Fooocus',
  forge: 'Forge',
  forgeclassic: 'Forge Classic',
  forgeneo: 'Forge Neo',
  hfspace: 'Hugging Face Space',
  invokeai: 'InvokeAI',
  midjourney: 'Midjourney',
  novelai: 'NovelAI',
  reforge: 'reForge',
  ruinedfooocus: 'RuinedFooocus',
  sdnext: 'SD.Next',
  'sd.next': 'SD.Next',
  stabilitymatrix: 'Stability Matrix',
  swarmui: 'SwarmUI',
  tensorart: 'Tensor.Art',
  civitai: 'Civitai',
};

export const generatorName = (word: string): string => NAMES[word.toLowerCase().replace(/[\s_-]/g, '')] ?? word;

const VENDORS: Record<string, string> = { openai: 'OpenAI', google: 'Google', adobe: 'Adobe', microsoft: 'Microsoft' };
export const vendorName = (word: string): string => VENDORS[word.toLowerCase()] ?? word;

/** Whether a declared IPTC digital source type means that a model made the picture. */
export const isGenerated = (term: string | undefined): boolean =>
  /\/(trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)$/.test(term ?? '');
