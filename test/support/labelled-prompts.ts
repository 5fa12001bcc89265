import type { Tier } from '../../src/core/routing.ts';

/**
 * Prompts made up to try the rules on, with the tier that a person gave them. The rules were written with an eye on
 * `seen`; `unseen` was written afterwards and nothing was changed for it.
 *
 * simple: a fact, small talk, a usual question of customers, a text said in another way. medium: an explanation, a short
 * text, a small function, one step of arithmetic. complex: several parts, a design, an analysis, a long text with
 * conditions. reasoning: proofs, sums over several steps, puzzles, what is best under conditions.
 */
export interface LabelledPrompt {
  readonly tier: Tier;
  readonly language: 'en' | 'zh';
  readonly text: string;
}

function prompts(language: 'en' | 'zh', byTier: Readonly<Record<Tier, string>>): LabelledPrompt[] {
  return Object.entries(byTier).flatMap(([tier, lines]) =>
    lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((text) => ({ tier: tier as Tier, language, text })),
  );
}

export const SEEN: readonly LabelledPrompt[] = [
  ...prompts('en', {
    simple: `
      Hello!
      Thanks, that's all.
      What is the capital of Australia?
      Where is my order?
      How do I reset my password?
      Translate "good morning" into French.
      What are your opening hours?
      Who wrote Pride and Prejudice?
      Is this review positive or negative: "The food was cold."
      What's a synonym for happy?
      My card has not arrived yet.
      Can I cancel my subscription?
      Fix the grammar: he go to school yesterday
      When did the Second World War end?
    `,
    medium: `
      Explain how a vaccine works to a ten year old.
      Write a polite email to my landlord asking to fix the heating.
      What is the difference between TCP and UDP?
      Write a Python function that reverses a string.
      A shirt costs 40 dollars and is 25 percent off. How much do I pay?
      Summarize this meeting in three bullet points, and make sure the decisions are named: we met on Monday, agreed to move the launch to June, and Anna will tell the customers.
      Give me five name ideas for a coffee shop and say why each fits.
      Why is the sky blue?
      Write a SQL query that counts orders by customer.
      Draft a tweet announcing our new mobile app.
      How does compound interest work?
      What are the side effects of ibuprofen and when should I not take it?
    `,
    complex: `
      Design a rate limiter for a distributed API gateway with Redis. Consider failure modes, clock skew and hot keys, and compare two algorithms.
      Analyze the pros and cons of moving our monolith to microservices, given a team of five engineers and a deadline of six months.
      Write a business plan for a bakery, including market analysis, marketing plan, cash flow forecast and risks.
      Refactor this class so that it can be tested without a database, and explain the trade-offs of each change you make.
      Compare the monetary policy of the ECB and the Fed since 2008 and assess the impact on inflation.
      Our Postgres database gets slow every Monday morning. How would you investigate it, which metrics do you look at, and what would you change first?
      Write a 1500 word essay on how the printing press changed Europe, with at least three historical examples and a counter-argument.
      Review this contract clause for liability risks under German law and recommend better wording: the supplier is liable without limit for all damages.
      Plan a ten day trip through Japan for a family with two small children, at most 4000 euros, without flights inside the country, and explain how you chose each stop.
      Build a React component with pagination, sorting and filtering, write unit tests for it and document its API.
    `,
    reasoning: `
      Prove that the square root of 2 is irrational.
      Tom is twice as old as Ann. In five years the sum of their ages will be 40. How many years ago was Tom three times as old as Ann? Think step by step.
      Three people are on an island of knights and knaves. A says B is lying, B says C is lying, C says A and B are lying. Who is telling the truth? Show your reasoning.
      Derive the closed form of the Fibonacci sequence using generating functions.
      Find all integer solutions of x^2 - 5y^2 = 4 and prove that there are no others.
      Give an algorithm that finds the longest palindromic subsequence, prove it correct and derive its worst case time complexity.
      A factory makes two products. Each A takes 2 hours and earns 30 dollars, each B takes 3 hours and earns 40 dollars. There are 120 hours and at most 45 units in total. Maximize the profit and show that the plan is optimal.
      Two threads sometimes deadlock in this code. Find the root cause, deduce the interleaving that leads to it step by step, and prove that your fix removes it.
      Show by induction that the sum of the first n odd numbers is n^2.
      You have 12 coins, one of which is heavier or lighter. Find a strategy with at most three weighings and prove that it is optimal.
    `,
  }),
  ...prompts('zh', {
    simple: `
      你好
      谢谢你的帮助
      法国的首都是哪里？
      我的订单什么时候发货？
      怎么重置密码？
      把“早上好”翻译成英文
      你们的营业时间是几点？
      《红楼梦》是谁写的？
      这条评论是正面还是负面：味道不好
      “高兴”的近义词是什么
      可以退款吗？
      发票在哪里开
    `,
    medium: `
      用通俗的话解释一下什么是区块链
      写一封邮件给房东，请他修一下暖气
      TCP 和 UDP 有什么区别？
      用 Python 写一个反转字符串的函数
      一件衬衫 40 元，打七五折，要付多少钱？请计算
      天空为什么是蓝色的？
      给咖啡店起五个名字，并说明原因
      写一条 SQL，按客户统计订单数
      复利是如何计算的？
      帮我写一个新产品发布的朋友圈文案，不要超过五十字
    `,
    complex: `
      设计一个分布式限流系统，考虑故障、时钟偏差和热点，并比较两种算法的优缺点
      分析把单体应用迁移到微服务的利弊，团队只有五个人，期限是六个月
      为一家面包店写一份商业计划，包括市场分析、营销策略、现金流预测和风险
      比较2008年以来欧洲央行和美联储的货币政策，并评估对通货膨胀的影响
      我们的数据库每周一早上都很慢，应该如何排查，看哪些指标，首先改什么？
      写一篇1500字的论文，论述印刷术对欧洲的影响，至少举三个例子，并提出反方观点
      从德国法律的角度评估这个合同条款的责任风险，并建议更好的写法
      为一个四口之家制定十天的日本旅行计划，预算不超过三万元，不要坐飞机，并说明原因
      重构这段代码，使它可以不依赖数据库进行测试，并分析每处改动的权衡
    `,
    reasoning: `
      证明根号二是无理数
      小明的年龄是小红的两倍，五年后两人年龄之和是40，小明几年前的年龄是小红的三倍？请逐步推理
      甲说乙在说谎，乙说丙在说谎，丙说甲和乙都在说谎，谁在说真话？写出推理过程
      推导斐波那契数列的通项公式
      用数学归纳法证明前n个奇数之和等于n的平方
      设计一个求最长回文子序列的算法，证明其正确性，并推导最坏情况下的时间复杂度
      工厂生产两种产品，甲每件耗时2小时利润30元，乙每件耗时3小时利润40元，共有120小时，最多45件，如何安排利润最大化？证明该方案最优
      求方程 x^2 - 5y^2 = 4 的所有整数解，并证明没有其他解
      十二个球里有一个重量不同，最多称三次，找出策略并证明最优
    `,
  }),
];

export const UNSEEN: readonly LabelledPrompt[] = [
  ...prompts('en', {
    simple: `
      hi there
      Which currency is used in Norway?
      How many days are in February this year?
      I forgot my PIN
      What time is it in Tokyo?
      Where can I change my delivery address?
      Do you ship to Canada?
      Spell "necessary".
      Is a tomato a fruit?
      How old is the Eiffel Tower?
      Please send me a copy of my invoice.
      Translate to Spanish: the train leaves at nine
      Who is the CEO of Microsoft?
      What does HTML stand for?
      My payment was declined
      How tall is Mount Everest?
      Say this more politely: give me the file
      Good night
    `,
    medium: `
      Explain photosynthesis in simple terms.
      Write a short birthday message for my colleague.
      How do noise-cancelling headphones work?
      Convert this Python 2 print statement to Python 3 and explain what changed: print "x", y
      If a train goes 60 miles per hour for 2.5 hours, how far does it travel?
      Write a regular expression that matches email addresses.
      What should I pack for a week of hiking in autumn?
      Describe the main causes of the First World War.
      Give me a recipe for a vegetarian lasagne for four people.
      Why do cats purr?
      Suggest a workout for beginners without equipment.
      Write a haiku about rain.
      What is the difference between a virus and a bacterium?
      How do I centre a div with CSS?
    `,
    complex: `
      Evaluate three vendors for our CRM migration, list the decision criteria, weigh the risks and recommend one of them with a rollout plan.
      Write a short story of about 2000 words in the style of Kafka in which a clerk loses his name, with at least two twists and an open end.
      Our checkout conversion fell by 12 percent after the last release. What hypotheses would you test, with which data, and in what order?
      Draft a data processing agreement between a German controller and an American processor that is compliant with GDPR, including sub-processors and audits.
      Implement an LRU cache in TypeScript with expiry, make it generic, write tests, and discuss its behaviour under concurrent access.
      Discuss how Kant and Mill would each judge whistleblowing, and argue which of them is more convincing.
      A patient of 67 with diabetes takes metformin and complains of fatigue and numb feet. What is the differential diagnosis, and which tests would you order?
      Design the database schema and the API for a hospital's appointment system, considering double bookings, time zones and cancellations.
      Develop a twelve week curriculum for teaching statistics to nurses, with goals, exercises and an assessment for each week.
      Compare React, Vue and Svelte for a dashboard with 200 charts, taking into account performance, hiring and long-term maintenance.
    `,
    reasoning: `
      Prove that there are infinitely many primes of the form 4k+3.
      A bag has 5 red and 7 blue balls. Three are drawn without replacement. Calculate the probability that at least two are red, and explain each step of the derivation.
      If all bloops are razzies and some razzies are lazzies, what can be concluded about bloops and lazzies? Reason step by step.
      Find the worst case time complexity of this recurrence: T(n) = 3T(n/4) + n log n. Derive it with the master theorem.
      Five houses in a row have five colours, nationalities, drinks, pets and brands. Given that the Brit lives in the red house and the Swede keeps dogs, deduce who owns the fish in this logic puzzle.
      Maria buys 3 boxes of 24 pencils, gives a third of them to her class, sells half of the rest at 2 for 50 cents, and spends 4 dollars. How many pencils and how much money has she left?
      Show that every continuous function on a closed interval attains its maximum, by contradiction.
      Two trains 300 km apart start towards each other at 70 and 80 km/h, and a bird flies between them at 100 km/h until they meet. How far does the bird fly in total?
      Minimize the cost of a cylindrical can of volume 500 ml if the lid costs twice as much as the side, and prove that the minimum is global.
      Is the problem of scheduling jobs with deadlines on two machines NP-hard? Give a proof or a polynomial algorithm.
    `,
  }),
  ...prompts('zh', {
    simple: `
      早上好
      挪威用什么货币？
      我忘记了支付密码
      东京现在几点？
      在哪里修改收货地址？
      可以寄到加拿大吗
      番茄是水果吗？
      埃菲尔铁塔有多高
      麻烦把发票再发我一份
      把“火车九点开”译成西班牙语
      微软的CEO是谁
      付款失败了
      快递到哪里了
      晚安
      HTML是什么意思
      会员多少钱一个月
    `,
    medium: `
      用简单的话介绍光合作用
      给同事写一段简短的生日祝福
      降噪耳机是怎么工作的？
      火车时速60公里，行驶2.5小时，一共走了多少公里？
      写一个匹配邮箱地址的正则表达式
      秋天徒步一周应该准备什么？
      描述第一次世界大战爆发的主要原因
      推荐四个人吃的素食千层面做法
      猫为什么会打呼噜？
      写一首关于雨的小诗
      病毒和细菌的区别是什么？
      怎样用 CSS 让一个 div 居中？请举例
    `,
    complex: `
      评估三家客户管理系统供应商，列出决策标准，权衡风险，并给出推荐和上线计划
      以卡夫卡的风格写一篇两千字左右的小说，至少有两次反转，结局开放
      上次发布之后转化率下降了12%，你会检验哪些假设，用哪些数据，按什么顺序？
      起草一份符合数据保护法规的数据处理合同，包括分包商和审计条款
      用 TypeScript 实现一个带过期时间的 LRU 缓存，编写单元测试，并讨论并发情况下的行为
      论述康德和密尔会如何评价举报行为，并论证谁更有说服力
      一位67岁的糖尿病患者服用二甲双胍，自述乏力和双脚麻木，鉴别诊断有哪些，应做哪些检查？
      为医院预约系统设计数据库表结构和接口，要考虑重复预约、时区和取消
      比较 React、Vue 和 Svelte 在两百个图表的仪表盘中的表现，兼顾性能、招聘和长期维护
    `,
    reasoning: `
      证明形如4k+3的质数有无穷多个
      袋中有5个红球和7个蓝球，不放回地取三个，求至少两个红球的概率，并写出详细推导过程
      所有的甲都是乙，有些乙是丙，关于甲和丙可以推出什么结论？请一步一步推理
      用主定理推导递推式 T(n) = 3T(n/4) + n log n 的时间复杂度
      五座房子颜色、国籍、饮料、宠物各不相同，英国人住红房子，瑞典人养狗，请推理谁养鱼
      用反证法证明闭区间上的连续函数必有最大值
      两列火车相距300公里，分别以每小时70和80公里相向而行，一只鸟以每小时100公里在两车之间来回飞，直到相遇，鸟一共飞了多少公里？
      圆柱形罐头容积500毫升，盖子的造价是侧面的两倍，求成本最小的尺寸，并证明是全局最小
      小红买了3盒每盒24支铅笔，送给同学三分之一，剩下的一半每2支卖5角，又花了4元，她还剩多少支铅笔和多少钱？
    `,
  }),
];
