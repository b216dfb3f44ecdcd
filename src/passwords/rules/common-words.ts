/**
 * Words that passwords are most often made of, in the alphabets people of Kazakhstan type in. Our own selection of well-known facts: what
 * every published count of leaked passwords has at its top, common first names, cities, clubs, months. Not here, because rules find
 * them: keyboard walks, sequences, repetitions, years, words with look-alike characters, words typed in the wrong layout.
 */
export const COMMON_WORDS: readonly string[] = `
password passwd pass passw word parol kupiya qupiya kod code admin administrator root user guest login logon system manager
director office server service support backup oracle mysql postgres linux windows ubuntu cisco router default public private secret
secure security access account change changeme temp temporary test tester testing demo example sample work home company welcome hello
letmein iloveyou love lover lovely loveme baby babygirl angel princess prince queen king princesa sunshine sunny flower rainbow
butterfly football soccer baseball basketball hockey golf tennis boxer champion winner killer hunter ranger fighter warrior master
mustang ferrari porsche mercedes toyota lexus bmw audi honda harley yamaha corvette monkey dragon tiger lion eagle falcon wolf bear
panther kitty puppy cookie pepper ginger cheese banana orange apple lemon cherry chocolate coffee summer winter spring autumn
january february march april june july august september october november december monday tuesday wednesday thursday friday saturday
sunday batman superman spiderman pokemon starwars matrix hacker ninja pirate wizard merlin gandalf phoenix shadow ghost phantom
zaq trustno freedom liberty whatever nothing computer internet google facebook instagram telegram whatsapp youtube samsung iphone
android microsoft nokia sony michael jordan jennifer thomas charlie andrew daniel jessica ashley michelle nicole anthony robert george
william matthew joshua hannah amanda sophie buster maggie hello money dollar bitcoin lucky star stars silver golden diamond crystal
blink secret please thankyou goodluck correcthorsebatterystaple abcd qwert asdf zxcv
privet parol lubov lyubov lyublyu solnce solnyshko zaika zaya kotik kotenok mama papa mamapapa sestra brat babushka druzhba rossiya
moskva piter spartak zenit lokomotiv dinamo kazakhstan qazaqstan kazahstan almaty astana shymkent karaganda aktobe atyrau aktau
pavlodar kostanay semey taraz turkestan kokshetau nursultan kairat tobol barys alash abai abay altyn kazak qazaq salem assalam rahmet
mahabbat zhanym janym kunim aigerim aliya dana aida madina dinara gulnara saule asel zarina kamila amina aruzhan ainur nurlan marat
ruslan timur arman askar daniyar alisher bekzat yerlan dauren azamat sergey andrey alexey dmitry alexander aleksandr maxim maksim
vladimir nikita artem ivan natasha nastya marina irina svetlana olga elena anna maria tatyana ekaterina viktoria kristina diana
пароль парол код админ администратор пользователь гость вход система директор офис работа дом привет здравствуй добро пожаловать
любовь люблю любимый любимая солнце солнышко зайка зайчик котик котенок кошка собака мама папа мамапапа сестра брат бабушка дружба
россия москва спартак зенит локомотив динамо казахстан қазақстан алматы астана шымкент караганда актобе атырау актау павлодар костанай
семей тараз туркестан кокшетау нурсултан кайрат қайрат қазақ казак сәлем салем рахмет рақмет махаббат жаным күнім құпия құпиясөз кілт
қақпа есік ана әке апа ата бала отан абай алтын барыс айгерим айгерім алия әлия дана аида мадина динара гульнара сауле сәуле асель
әсел зарина камила амина аружан айнур айнұр нурлан нұрлан марат руслан тимур арман аскар асқар данияр алишер бекзат ерлан даурен азамат
сергей андрей алексей дмитрий александр максим владимир никита артем иван наташа настя марина ирина светлана ольга елена анна мария
татьяна екатерина виктория кристина диана секрет доступ сервер компьютер интернет ключ безопасность временный тест проверка деньги
удача счастье счастливый победа чемпион футбол хоккей король королева принцесса ангел звезда дракон тигр волк медведь орел сокол
весна лето осень зима январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг
пятница суббота воскресенье қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
`
  .trim()
  .split(/\s+/);
