/** The commands of Neovim and what they stand for; `:Kage` itself takes the name as its first word. */
export const aliases: Readonly<Record<string, string>> = {
  Kage: '',
  KageSpawn: 'spawn',
  KagePlan: 'plan',
  KageDash: 'dash',
  KageReview: 'review',
  KageNext: 'next',
  KagePrev: 'prev',
  KageJump: 'jump',
  KageSend: 'send',
  KageUndo: 'undo',
}
