// The texts of what is not needed for the first screen. They come with the code that shows them, which imports this file.
import { addTexts } from '.'
import searchEn from './search.en'
import searchEs from './search.es'
import sentencesEn from './sentences.en'
import sentencesEs from './sentences.es'

export const esLater = { search: searchEs, sentence: sentencesEs }
export const enLater: typeof esLater = { search: searchEn, sentence: sentencesEn }

addTexts(esLater, enLater)
