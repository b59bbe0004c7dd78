<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;About Workbench</source>
            <translation>关于 Workbench(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Commands…</source>
            <translation>命令(&amp;C)…</translation>
        </message>
        <message>
            <source>&amp;Dark</source>
            <translation>深色(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Export…</source>
            <translation>导出(&amp;E)…</translation>
        </message>
        <message>
            <source>&amp;Find runs…</source>
            <translation>查找运行(&amp;F)…</translation>
        </message>
        <message>
            <source>&amp;Gallery of presets</source>
            <translation>预设库(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Guide</source>
            <translation>指南(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Light</source>
            <translation>浅色(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;New</source>
            <translation>新建(&amp;N)</translation>
        </message>
        <message>
            <source>&amp;Open…</source>
            <translation>打开(&amp;O)…</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>暂停(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Problems</source>
            <translation>问题(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>退出(&amp;Q)</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>重做(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Resume</source>
            <translation>继续(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Run</source>
            <translation>运行(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>保存(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Shortcuts</source>
            <translation>快捷键(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Step</source>
            <translation>单步(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Tour of five steps</source>
            <translation>五步导览(&amp;T)</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>撤销(&amp;U)</translation>
        </message>
        <message>
            <source>As the &amp;system</source>
            <translation>跟随系统(&amp;S)</translation>
        </message>
        <message>
            <source>Bring my &amp;data…</source>
            <translation>带入我的数据(&amp;D)…</translation>
        </message>
        <message>
            <source>Copy the command &amp;line</source>
            <translation>复制命令行(&amp;L)</translation>
        </message>
        <message>
            <source>Each measure: formula, picture, how to read it</source>
            <translation>每个度量：公式、图示、如何解读</translation>
        </message>
        <message>
            <source>End the run, with a checkpoint</source>
            <translation>结束运行并保存检查点</translation>
        </message>
        <message>
            <source>Filter the runs</source>
            <translation>筛选运行</translation>
        </message>
        <message>
            <source>Find any command</source>
            <translation>查找任意命令</translation>
        </message>
        <message>
            <source>G&amp;lossary</source>
            <translation>术语表(&amp;L)</translation>
        </message>
        <message>
            <source>How to use it, page by page</source>
            <translation>一页一页介绍怎样使用</translation>
        </message>
        <message>
            <source>L&amp;og</source>
            <translation>日志(&amp;O)</translation>
        </message>
        <message>
            <source>Pu&amp;blish…</source>
            <translation>发表(&amp;B)…</translation>
        </message>
        <message>
            <source>R&amp;uns</source>
            <translation>运行记录(&amp;U)</translation>
        </message>
        <message>
            <source>Reset the la&amp;yout</source>
            <translation>恢复默认布局(&amp;Y)</translation>
        </message>
        <message>
            <source>Run an experiment, step by step</source>
            <translation>一步一步地运行一个实验</translation>
        </message>
        <message>
            <source>Run this setup</source>
            <translation>按当前设置运行</translation>
        </message>
        <message>
            <source>S&amp;top</source>
            <translation>停止(&amp;T)</translation>
        </message>
        <message>
            <source>Save &amp;as…</source>
            <translation>另存为(&amp;A)…</translation>
        </message>
        <message>
            <source>Tables, a report, an archive</source>
            <translation>表格、报告、归档</translation>
        </message>
        <message>
            <source>Take one step and wait</source>
            <translation>执行一步后等待</translation>
        </message>
        <message>
            <source>The tab in front, for a paper</source>
            <translation>把当前标签页做成论文插图</translation>
        </message>
        <message>
            <source>Wait before the next step</source>
            <translation>在下一步之前暂停</translation>
        </message>
        <message>
            <source>What changed from version to version</source>
            <translation>各版本之间的变化</translation>
        </message>
        <message>
            <source>What's &amp;new</source>
            <translation>新变化(&amp;N)</translation>
        </message>
    </context>
    <context>
        <name>Adaptation</name>
        <message>
            <source>&amp;Adaptation</source>
            <translation>适应(&amp;A)</translation>
        </message>
        <message>
            <source>A held-out task before and after inner steps</source>
            <translation>内循环步前后的一个留出任务</translation>
        </message>
        <message>
            <source>A logarithmic scale for the loss</source>
            <translation>损失用对数刻度</translation>
        </message>
        <message>
            <source>A point is two numbers, x and y, like 1.5 -2.</source>
            <translation>一个点是两个数 x 和 y，例如 1.5 -2。</translation>
        </message>
        <message>
            <source>A point of your own, as x and y</source>
            <translation>自己的点，写作 x 和 y</translation>
        </message>
        <message>
            <source>A point of your own, as x and y: Enter adds it</source>
            <translation>自己的点，写作 x 和 y：按回车添加</translation>
        </message>
        <message>
            <source>After {} inner steps none is finite.</source>
            <translation>{} 个内循环步之后没有一个是有限的。</translation>
        </message>
        <message>
            <source>After {} inner steps {} of them were not finite and are left out.</source>
            <translation>{} 个内循环步之后有 {} 个不是有限值，未计入。</translation>
        </message>
        <message>
            <source>After {}, step {}</source>
            <translation>{} 之后，第 {} 步</translation>
        </message>
        <message>
            <source>Answers against what was wanted</source>
            <translation>回答与正确值的对照</translation>
        </message>
        <message>
            <source>As trained</source>
            <translation>按训练时</translation>
        </message>
        <message>
            <source>Asked</source>
            <translation>提问</translation>
        </message>
        <message>
            <source>Before training</source>
            <translation>训练之前</translation>
        </message>
        <message>
            <source>Choose one with an inner loop, such as MAML.</source>
            <translation>请选择带内循环的学习器，例如 MAML。</translation>
        </message>
        <message>
            <source>Clear points</source>
            <translation>清除点</translation>
        </message>
        <message>
            <source>Click in the plot, or give x and y, for points of your own.</source>
            <translation>在图中点击，或输入 x 和 y，即可给出自己的点。</translation>
        </message>
        <message>
            <source>Confusion of classes</source>
            <translation>类别混淆</translation>
        </message>
        <message>
            <source>Embedding in two dimensions</source>
            <translation>二维嵌入</translation>
        </message>
        <message>
            <source>In {}, step {}</source>
            <translation>{} 期间，第 {} 步</translation>
        </message>
        <message>
            <source>Inner rate</source>
            <translation>内循环学习率</translation>
        </message>
        <message>
            <source>Inner steps</source>
            <translation>内循环步</translation>
        </message>
        <message>
            <source>Inner steps after which the task is drawn</source>
            <translation>在多少个内循环步之后画出该任务</translation>
        </message>
        <message>
            <source>It was not there yet at this moment of the run.</source>
            <translation>在运行的这一时刻它还不存在。</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>Loss against inner steps</source>
            <translation>损失随内循环步的变化</translation>
        </message>
        <message>
            <source>Mean over {} held-out tasks, with its 95 % interval.</source>
            <translation>{} 个留出任务的均值及其 95 % 区间。</translation>
        </message>
        <message>
            <source>My points</source>
            <translation>我的点</translation>
        </message>
        <message>
            <source>No adaptation yet</source>
            <translation>还没有适应</translation>
        </message>
        <message>
            <source>No learner that adapts</source>
            <translation>没有会适应的学习器</translation>
        </message>
        <message>
            <source>Nothing was told of this task</source>
            <translation>没有关于该任务的记录</translation>
        </message>
        <message>
            <source>Of a recorded run they are kept at the ends of stages.</source>
            <translation>已记录的运行只在各阶段结束时保留它们。</translation>
        </message>
        <message>
            <source>One held-out task: there is no interval.</source>
            <translation>只有一个留出任务：没有区间。</translation>
        </message>
        <message>
            <source>Press Run. At each validation, held-out small tasks are drawn here before and after inner steps.</source>
            <translation>按“运行”。每次验证时，这里会画出留出小任务在内循环步前后的样子。</translation>
        </message>
        <message>
            <source>Reading the checkpoint of the run…</source>
            <translation>正在读取该运行的检查点…</translation>
        </message>
        <message>
            <source>Score</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>Shown</source>
            <translation>给出</translation>
        </message>
        <message>
            <source>Small task {}</source>
            <translation>小任务 {}</translation>
        </message>
        <message>
            <source>Steps and rate can be turned, and points given, once the run has ended.</source>
            <translation>运行结束后可以调节步数和学习率，并给出自己的点。</translation>
        </message>
        <message>
            <source>Support and queries as pictures</source>
            <translation>支持样例与查询的图片</translation>
        </message>
        <message>
            <source>Take your own points away</source>
            <translation>去掉自己给出的点</translation>
        </message>
        <message>
            <source>The inner learning rate to try</source>
            <translation>要试用的内循环学习率</translation>
        </message>
        <message>
            <source>The loss of each seed is its mean over {} held-out tasks.</source>
            <translation>每个种子的损失是其在 {} 个留出任务上的均值。</translation>
        </message>
        <message>
            <source>The mean loss on the queries, with a band</source>
            <translation>查询上的平均损失，带误差带</translation>
        </message>
        <message>
            <source>The metric over the queries of all held-out tasks</source>
            <translation>所有留出任务的查询上的指标</translation>
        </message>
        <message>
            <source>The small tasks of this moment are not kept</source>
            <translation>这一时刻的小任务没有保留</translation>
        </message>
        <message>
            <source>The steps, the rate and the small tasks of the run itself</source>
            <translation>运行自身的步数、学习率和小任务</translation>
        </message>
        <message>
            <source>The task whose adaptation is shown</source>
            <translation>显示其适应过程的任务</translation>
        </message>
        <message>
            <source>This learner takes no inner steps: one mark, loss {}, and no curve.</source>
            <translation>此学习器不做内循环步：只有一个标记，损失 {}，没有曲线。</translation>
        </message>
        <message>
            <source>This run</source>
            <translation>本次运行</translation>
        </message>
        <message>
            <source>Tried</source>
            <translation>试用</translation>
        </message>
        <message>
            <source>What is drawn against the inner steps</source>
            <translation>随内循环步画出什么</translation>
        </message>
        <message>
            <source>Which held-out small task is drawn</source>
            <translation>画出哪一个留出小任务</translation>
        </message>
        <message>
            <source>With nothing learned, the {} has {} {}.</source>
            <translation>不经学习时，{} 的 {} 为 {}。</translation>
        </message>
        <message>
            <source>Your own task: 1 point</source>
            <translation>自己的任务：1 个点</translation>
        </message>
        <message>
            <source>Your own task: {} points</source>
            <translation>你自己的任务：{} 个点</translation>
        </message>
        <message>
            <source>Your points</source>
            <translation>你的点</translation>
        </message>
        <message>
            <source>after 1 inner step</source>
            <translation>1 个内循环步之后</translation>
        </message>
        <message>
            <source>after it adapted</source>
            <translation>适应之后</translation>
        </message>
        <message>
            <source>after {} inner steps</source>
            <translation>{} 个内循环步之后</translation>
        </message>
        <message>
            <source>after {} inner steps the curve is {} off on average</source>
            <translation>{} 个内循环步之后曲线平均偏离 {}</translation>
        </message>
        <message>
            <source>answered</source>
            <translation>回答</translation>
        </message>
        <message>
            <source>asked ({})</source>
            <translation>提问（{}）</translation>
        </message>
        <message>
            <source>before any step</source>
            <translation>未走任何步</translation>
        </message>
        <message>
            <source>class ↓  answered →</source>
            <translation>类别 ↓  回答 →</translation>
        </message>
        <message>
            <source>filled shown, hollow asked, large means</source>
            <translation>实心为给出，空心为提问，大标记为均值</translation>
        </message>
        <message>
            <source>inner rate {}</source>
            <translation>内循环学习率 {}</translation>
        </message>
        <message>
            <source>inner steps</source>
            <translation>内循环步</translation>
        </message>
        <message>
            <source>log scale</source>
            <translation>对数刻度</translation>
        </message>
        <message>
            <source>loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>nearest mean of the raw inputs</source>
            <translation>原始输入的最近类均值</translation>
        </message>
        <message>
            <source>score</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>shown ({})</source>
            <translation>给出（{}）</translation>
        </message>
        <message>
            <source>shown as {}</source>
            <translation>作为 {} 给出</translation>
        </message>
        <message>
            <source>step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>steps {} to {}</source>
            <translation>第 {} 至 {} 步</translation>
        </message>
        <message>
            <source>wanted</source>
            <translation>正确值</translation>
        </message>
        <message>
            <source>x, y</source>
            <translation>x, y</translation>
        </message>
        <message>
            <source>{} asked</source>
            <translation>提问 {} 个</translation>
        </message>
        <message>
            <source>{} is taken for {} most often ({})</source>
            <translation>{} 最常被当作 {}（{} 次）</translation>
        </message>
        <message>
            <source>{} of {} queries of {} were answered {}</source>
            <translation>{} / {} 个 {} 的查询被答为 {}</translation>
        </message>
        <message>
            <source>{} of {} queries right</source>
            <translation>{} / {} 个查询正确</translation>
        </message>
        <message>
            <source>{} points shown, {} asked</source>
            <translation>给出 {} 个点，提问 {} 个</translation>
        </message>
        <message>
            <source>{} · seed {}</source>
            <translation>{} · 种子 {}</translation>
        </message>
        <message>
            <source>{} · {} seeds</source>
            <translation>{} · {} 个种子</translation>
        </message>
        <message>
            <source>{}: answered rightly</source>
            <translation>{}：回答正确</translation>
        </message>
        <message>
            <source>{}: answered {}, wrong</source>
            <translation>{}：答为 {}，错误</translation>
        </message>
        <message>
            <source>{}: loss {} after {} inner steps.</source>
            <translation>{}：损失 {}，在 {} 个内循环步之后。</translation>
        </message>
    </context>
    <context>
        <name>App</name>
        <message>
            <source>&lt;h3&gt;Workbench {}&lt;/h3&gt;&lt;p&gt;Multi-task and lifelong learning experiments, seen while they run.&lt;/p&gt;&lt;p&gt;MIT licence.&lt;/p&gt;</source>
            <translation>&lt;h3&gt;Workbench {}&lt;/h3&gt;&lt;p&gt;多任务学习与终身学习实验，边运行边观察。&lt;/p&gt;&lt;p&gt;MIT 许可证。&lt;/p&gt;</translation>
        </message>
        <message>
            <source>About Workbench</source>
            <translation>关于 Workbench</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Preset</source>
            <translation>预设</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>显示</translation>
        </message>
        <message>
            <source>The catalogue of methods cannot be read: {}</source>
            <translation>无法读取方法目录：{}</translation>
        </message>
        <message>
            <source>The start is not complete: {}</source>
            <translation>启动未完成：{}</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
    </context>
    <context>
        <name>Boundaries</name>
        <message>
            <source>&amp;Boundaries</source>
            <translation>边界(&amp;B)</translation>
        </message>
        <message>
            <source>After {}, step {}</source>
            <translation>{} 之后，第 {} 步</translation>
        </message>
        <message>
            <source>Before training</source>
            <translation>训练之前</translation>
        </message>
        <message>
            <source>Choose the tasks 2-D boundaries, or the preset Tasks one can see.</source>
            <translation>请选择任务族“2-D boundaries”，或预设“Tasks one can see”。</translation>
        </message>
        <message>
            <source>In {}, step {}</source>
            <translation>{} 期间，第 {} 步</translation>
        </message>
        <message>
            <source>No boundary yet</source>
            <translation>还没有边界</translation>
        </message>
        <message>
            <source>No task in the plane</source>
            <translation>没有平面上的任务</translation>
        </message>
        <message>
            <source>Press Run. What each task answers is drawn all over its plane while it learns.</source>
            <translation>按“运行”。学习过程中，每个任务在其平面各处的回答会被画出来。</translation>
        </message>
    </context>
    <context>
        <name>BringData</name>
        <message>
            <source>&amp;Change…</source>
            <translation>更改(&amp;C)…</translation>
        </message>
        <message>
            <source>&amp;Keep the tasks that are chosen now</source>
            <translation>保留当前选择的任务(&amp;K)</translation>
        </message>
        <message>
            <source>&amp;Labels…</source>
            <translation>标签(&amp;L)…</translation>
        </message>
        <message>
            <source>&amp;Role</source>
            <translation>角色(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Type</source>
            <translation>类型(&amp;T)</translation>
        </message>
        <message>
            <source>A f&amp;older…</source>
            <translation>文件夹(&amp;O)…</translation>
        </message>
        <message>
            <source>A table</source>
            <translation>表格</translation>
        </message>
        <message>
            <source>Aligned files</source>
            <translation>对齐文件</translation>
        </message>
        <message>
            <source>All files</source>
            <translation>所有文件</translation>
        </message>
        <message>
            <source>As ticked</source>
            <translation>按勾选</translation>
        </message>
        <message>
            <source>Between {} and {} of {} rows have no gap and are left</source>
            <translation>没有缺失而保留的有 {} 至 {} 行，共 {} 行</translation>
        </message>
        <message>
            <source>Bring my data</source>
            <translation>带入我的数据</translation>
        </message>
        <message>
            <source>CSV, XLSX, ODS, Parquet, NPZ, IDX; a folder with a folder of pictures a class; or texts in several languages: TSV, aligned files, TMX.</source>
            <translation>CSV、XLSX、ODS、Parquet、NPZ、IDX；每个类别一个图片子文件夹的文件夹；或多语言文本：TSV、对齐文件、TMX。</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Change how it is read</source>
            <translation>请更改读取方式</translation>
        </message>
        <message>
            <source>Change how the file is read</source>
            <translation>更改文件的读取方式</translation>
        </message>
        <message>
            <source>Choose a &amp;file…</source>
            <translation>选择文件(&amp;F)…</translation>
        </message>
        <message>
            <source>Choose the file of the labels</source>
            <translation>选择标签文件</translation>
        </message>
        <message>
            <source>Choose the folder of your pictures</source>
            <translation>选择图片文件夹</translation>
        </message>
        <message>
            <source>Choose the labels</source>
            <translation>选择标签</translation>
        </message>
        <message>
            <source>Choose two languages or more</source>
            <translation>请选择两种或更多语言</translation>
        </message>
        <message>
            <source>Choose what is known</source>
            <translation>请选择已知的列</translation>
        </message>
        <message>
            <source>Choose what is to be predicted</source>
            <translation>请选择要预测的列</translation>
        </message>
        <message>
            <source>Choose which languages are translated to which</source>
            <translation>请选择从哪种语言译成哪种语言</translation>
        </message>
        <message>
            <source>Choose your data</source>
            <translation>选择您的数据</translation>
        </message>
        <message>
            <source>Classes</source>
            <translation>类别</translation>
        </message>
        <message>
            <source>Classes count alike in the loss: the largest has {} rows for one of the rarest</source>
            <translation>损失中各类别同等计数：最大的类别每有 {} 行，最少的有一行</translation>
        </message>
        <message>
            <source>Column</source>
            <translation>列</translation>
        </message>
        <message>
            <source>Columns</source>
            <translation>列</translation>
        </message>
        <message>
            <source>Columns of the file</source>
            <translation>文件的列</translation>
        </message>
        <message>
            <source>Comments begin with</source>
            <translation>注释以此开头</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>数据</translation>
        </message>
        <message>
            <source>Dates</source>
            <translation>日期</translation>
        </message>
        <message>
            <source>Decimal mark</source>
            <translation>小数点</translation>
        </message>
        <message>
            <source>Distinct</source>
            <translation>不同值</translation>
        </message>
        <message>
            <source>Each {} is a task of its own</source>
            <translation>每个 {} 是一个单独的任务</translation>
        </message>
        <message>
            <source>Encoding</source>
            <translation>编码</translation>
        </message>
        <message>
            <source>Every pair, both ways</source>
            <translation>所有语言对，双向</translation>
        </message>
        <message>
            <source>Few rows to judge by: {}</source>
            <translation>可用来评判的行太少：{}</translation>
        </message>
        <message>
            <source>Few-shot: a few of the classes are a small task</source>
            <translation>少样本：几个类别构成一个小任务</translation>
        </message>
        <message>
            <source>Few-shot: each {} is a small task</source>
            <translation>少样本：每个 {} 是一个小任务</translation>
        </message>
        <message>
            <source>Find columns</source>
            <translation>查找列</translation>
        </message>
        <message>
            <source>Find columns by name, type, role or remark</source>
            <translation>按名称、类型、角色或备注查找列</translation>
        </message>
        <message>
            <source>First line</source>
            <translation>首行</translation>
        </message>
        <message>
            <source>First lines of the file, as they are</source>
            <translation>文件开头的原始行</translation>
        </message>
        <message>
            <source>First lines, as they are</source>
            <translation>开头的原始行</translation>
        </message>
        <message>
            <source>First rows of the file</source>
            <translation>文件的前几行</translation>
        </message>
        <message>
            <source>First rows, as they are read</source>
            <translation>读取后的前几行</translation>
        </message>
        <message>
            <source>From each other to {}</source>
            <translation>从其他各语言到 {}</translation>
        </message>
        <message>
            <source>From each to the next</source>
            <translation>从每种语言到下一种</translation>
        </message>
        <message>
            <source>From {} to each other</source>
            <translation>从 {} 到其他各语言</translation>
        </message>
        <message>
            <source>From {}: tick all, or none</source>
            <translation>从 {}：全部勾选或全部取消</translation>
        </message>
        <message>
            <source>How far the file is read</source>
            <translation>文件读取进度</translation>
        </message>
        <message>
            <source>How it is learned</source>
            <translation>如何学习</translation>
        </message>
        <message>
            <source>How it was read</source>
            <translation>如何读取</translation>
        </message>
        <message>
            <source>Languages</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Languages of the file</source>
            <translation>文件中的语言</translation>
        </message>
        <message>
            <source>Learn it as it is</source>
            <translation>照原样学习</translation>
        </message>
        <message>
            <source>Learn it as it is, or learn to adapt to small tasks</source>
            <translation>照原样学习，或学习适应小任务</translation>
        </message>
        <message>
            <source>Learned pairs</source>
            <translation>学习的语言对</translation>
        </message>
        <message>
            <source>Leave out rows with a &amp;text longer than</source>
            <translation>略去文本长于此值的行(&amp;T)</translation>
        </message>
        <message>
            <source>Leave out rows with a text longer than</source>
            <translation>略去文本长于此值的行</translation>
        </message>
        <message>
            <source>Lines to skip</source>
            <translation>跳过的行数</translation>
        </message>
        <message>
            <source>Means missing</source>
            <translation>表示缺失</translation>
        </message>
        <message>
            <source>Missing</source>
            <translation>缺失</translation>
        </message>
        <message>
            <source>No file yet</source>
            <translation>还没有文件</translation>
        </message>
        <message>
            <source>No sentence stays that can be learned from</source>
            <translation>没有剩下可供学习的句子</translation>
        </message>
        <message>
            <source>One task of {} labels, any of them at once</source>
            <translation>一个含 {} 个标签的任务，可同时具有任意几个</translation>
        </message>
        <message>
            <source>Pairs: from each row to each column</source>
            <translation>语言对：从每一行到每一列</translation>
        </message>
        <message>
            <source>Proposed: {}</source>
            <translation>建议：{}</translation>
        </message>
        <message>
            <source>Proposed: {}, because it {}</source>
            <translation>建议：{}，因为它 {}</translation>
        </message>
        <message>
            <source>Quotation mark</source>
            <translation>引号</translation>
        </message>
        <message>
            <source>Reading was stopped. Choose the file again to read it.</source>
            <translation>读取已停止。请重新选择文件以读取。</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>正在读取…</translation>
        </message>
        <message>
            <source>Remark</source>
            <translation>备注</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>角色</translation>
        </message>
        <message>
            <source>Select &amp;all</source>
            <translation>全选(&amp;A)</translation>
        </message>
        <message>
            <source>Sentences</source>
            <translation>句子</translation>
        </message>
        <message>
            <source>Sentences that stay</source>
            <translation>保留的句子</translation>
        </message>
        <message>
            <source>Separator</source>
            <translation>分隔符</translation>
        </message>
        <message>
            <source>Sheet</source>
            <translation>工作表</translation>
        </message>
        <message>
            <source>Spread</source>
            <translation>分布</translation>
        </message>
        <message>
            <source>Stop reading</source>
            <translation>停止读取</translation>
        </message>
        <message>
            <source>Texts in several languages</source>
            <translation>多语言文本</translation>
        </message>
        <message>
            <source>The first {} rows were looked at</source>
            <translation>已查看前 {} 行</translation>
        </message>
        <message>
            <source>The rest of the file is being read…</source>
            <translation>正在读取文件的其余部分…</translation>
        </message>
        <message>
            <source>Thousands mark</source>
            <translation>千位分隔符</translation>
        </message>
        <message>
            <source>To {}: tick all, or none</source>
            <translation>到 {}：全部勾选或全部取消</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>类型</translation>
        </message>
        <message>
            <source>Use as a task</source>
            <translation>用作任务</translation>
        </message>
        <message>
            <source>Use as tasks</source>
            <translation>用作任务</translation>
        </message>
        <message>
            <source>Use as {} tasks</source>
            <translation>用作 {} 个任务</translation>
        </message>
        <message>
            <source>What the file is taken for</source>
            <translation>将文件视为</translation>
        </message>
        <message>
            <source>What the selected columns are for</source>
            <translation>所选列的用途</translation>
        </message>
        <message>
            <source>What the selected columns are taken for</source>
            <translation>所选列当作什么</translation>
        </message>
        <message>
            <source>What was understood of the file</source>
            <translation>对文件的理解</translation>
        </message>
        <message>
            <source>Which pairs are learned</source>
            <translation>学习哪些语言对</translation>
        </message>
        <message>
            <source>Your table, arrays, pictures or texts</source>
            <translation>您的表格、数组、图片或文本</translation>
        </message>
        <message>
            <source>a side is empty</source>
            <translation>有一侧为空</translation>
        </message>
        <message>
            <source>about {}</source>
            <translation>约 {}</translation>
        </message>
        <message>
            <source>apostrophe '</source>
            <translation>撇号 '</translation>
        </message>
        <message>
            <source>array</source>
            <translation>数组</translation>
        </message>
        <message>
            <source>as it looks</source>
            <translation>按其样子</translation>
        </message>
        <message>
            <source>bar |</source>
            <translation>竖线 |</translation>
        </message>
        <message>
            <source>blank</source>
            <translation>空格</translation>
        </message>
        <message>
            <source>bytes</source>
            <translation>字节</translation>
        </message>
        <message>
            <source>category</source>
            <translation>类别</translation>
        </message>
        <message>
            <source>characters</source>
            <translation>个字符</translation>
        </message>
        <message>
            <source>class</source>
            <translation>类</translation>
        </message>
        <message>
            <source>comma ,</source>
            <translation>逗号 ,</translation>
        </message>
        <message>
            <source>date</source>
            <translation>日期</translation>
        </message>
        <message>
            <source>day first</source>
            <translation>日在前</translation>
        </message>
        <message>
            <source>double "</source>
            <translation>双引号 "</translation>
        </message>
        <message>
            <source>duration</source>
            <translation>时长</translation>
        </message>
        <message>
            <source>group</source>
            <translation>分组</translation>
        </message>
        <message>
            <source>guessed</source>
            <translation>猜测</translation>
        </message>
        <message>
            <source>guessed: {}</source>
            <translation>猜测：{}</translation>
        </message>
        <message>
            <source>input</source>
            <translation>输入</translation>
        </message>
        <message>
            <source>is a row</source>
            <translation>是一行数据</translation>
        </message>
        <message>
            <source>labels from {}</source>
            <translation>标签来自 {}</translation>
        </message>
        <message>
            <source>leave out</source>
            <translation>不用</translation>
        </message>
        <message>
            <source>left out: it {}</source>
            <translation>已略去：{}</translation>
        </message>
        <message>
            <source>list</source>
            <translation>列表</translation>
        </message>
        <message>
            <source>longer than {} characters</source>
            <translation>超过 {} 个字符</translation>
        </message>
        <message>
            <source>month first</source>
            <translation>月在前</translation>
        </message>
        <message>
            <source>names the columns</source>
            <translation>是列名</translation>
        </message>
        <message>
            <source>no language that is known</source>
            <translation>未知的语言</translation>
        </message>
        <message>
            <source>none</source>
            <translation>无</translation>
        </message>
        <message>
            <source>not one text for each language</source>
            <translation>并非每种语言各有一条文本</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>空</translation>
        </message>
        <message>
            <source>number</source>
            <translation>数</translation>
        </message>
        <message>
            <source>ordered</source>
            <translation>有序</translation>
        </message>
        <message>
            <source>others: {}</source>
            <translation>其他：{}</translation>
        </message>
        <message>
            <source>point .</source>
            <translation>点 .</translation>
        </message>
        <message>
            <source>predict: classes</source>
            <translation>预测：类别</translation>
        </message>
        <message>
            <source>predict: values</source>
            <translation>预测：数值</translation>
        </message>
        <message>
            <source>record</source>
            <translation>记录</translation>
        </message>
        <message>
            <source>semicolon ;</source>
            <translation>分号 ;</translation>
        </message>
        <message>
            <source>single '</source>
            <translation>单引号 '</translation>
        </message>
        <message>
            <source>split</source>
            <translation>划分</translation>
        </message>
        <message>
            <source>tab</source>
            <translation>制表符</translation>
        </message>
        <message>
            <source>test</source>
            <translation>测试</translation>
        </message>
        <message>
            <source>text</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>the same as a row before it</source>
            <translation>与前面的某行相同</translation>
        </message>
        <message>
            <source>time of day</source>
            <translation>时刻</translation>
        </message>
        <message>
            <source>to be guessed</source>
            <translation>改为猜测</translation>
        </message>
        <message>
            <source>true or false</source>
            <translation>真或假</translation>
        </message>
        <message>
            <source>validation</source>
            <translation>验证</translation>
        </message>
        <message>
            <source>weight</source>
            <translation>权重</translation>
        </message>
        <message>
            <source>whole number</source>
            <translation>整数</translation>
        </message>
        <message>
            <source>{} and each other, both ways</source>
            <translation>{} 与其他各语言，双向</translation>
        </message>
        <message>
            <source>{} does not hold the labels: an IDX file of {} is needed</source>
            <translation>{} 中没有这些标签：需要一个含 {} 个标签的 IDX 文件</translation>
        </message>
        <message>
            <source>{} left out: {} (line {})</source>
            <translation>略去 {} 行：{}（第 {} 行）</translation>
        </message>
        <message>
            <source>{} of {} columns</source>
            <translation>{} 列，共 {} 列</translation>
        </message>
        <message>
            <source>{} of {} rows have no gap and are left</source>
            <translation>没有缺失而保留的有 {} 行，共 {} 行</translation>
        </message>
        <message>
            <source>{} of {} rows stay</source>
            <translation>{} 行保留，共 {} 行</translation>
        </message>
        <message>
            <source>{} pairs are learned</source>
            <translation>学习 {} 个语言对</translation>
        </message>
        <message>
            <source>{} rows have no value</source>
            <translation>{} 行没有值</translation>
        </message>
        <message>
            <source>{} selected</source>
            <translation>已选 {} 列</translation>
        </message>
        <message>
            <source>{} · {} examples</source>
            <translation>{} · {} 个样本</translation>
        </message>
        <message>
            <source>{} · {} rows · {} columns</source>
            <translation>{} · {} 行 · {} 列</translation>
        </message>
        <message>
            <source>{} · {} rows · {} languages</source>
            <translation>{} · {} 行 · {} 种语言</translation>
        </message>
        <message>
            <source>{} → {}: learned</source>
            <translation>{} → {}：学习</translation>
        </message>
        <message>
            <source>{} → {}: not learned</source>
            <translation>{} → {}：不学习</translation>
        </message>
        <message>
            <source>{}: {} of {} rows have an answer</source>
            <translation>{}：有答案的有 {} 行，共 {} 行</translation>
        </message>
    </context>
    <context>
        <name>Budget</name>
        <message>
            <source>Match parameters</source>
            <translation>匹配参数量</translation>
        </message>
        <message>
            <source>Parameters</source>
            <translation>参数</translation>
        </message>
        <message>
            <source>Tolerance</source>
            <translation>容差</translation>
        </message>
    </context>
    <context>
        <name>ChangeChart</name>
        <message>
            <source>{}: {}, seeds: {}</source>
            <translation>{}：{}，种子：{}</translation>
        </message>
    </context>
    <context>
        <name>ChangeWords</name>
        <message>
            <source>drift of {} found by {}</source>
            <translation>{} 的漂移，由 {} 发现</translation>
        </message>
        <message>
            <source>learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>weight of {}</source>
            <translation>{} 的权重</translation>
        </message>
        <message>
            <source>what is learned from here: {}</source>
            <translation>从此处起学习：{}</translation>
        </message>
    </context>
    <context>
        <name>Compare</name>
        <message>
            <source>Add {} seeds to each</source>
            <translation>各增加 {} 个种子</translation>
        </message>
        <message>
            <source>Choose several runs in Runs with Ctrl or Shift, or right-click one and duplicate it with another method: both are drawn here.</source>
            <translation>在“运行”中用 Ctrl 或 Shift 选择多个运行，或右键单击一个并用另一种方法复制：两者都会画在这里。</translation>
        </message>
        <message>
            <source>Co&amp;mpare</source>
            <translation>比较(&amp;M)</translation>
        </message>
        <message>
            <source>Compared with</source>
            <translation>比较对象</translation>
        </message>
        <message>
            <source>Curves</source>
            <translation>曲线</translation>
        </message>
        <message>
            <source>Differences</source>
            <translation>差异</translation>
        </message>
        <message>
            <source>Each experiment minus the baseline</source>
            <translation>每个实验减去基线</translation>
        </message>
        <message>
            <source>Mean ranks of the methods over all tasks</source>
            <translation>各方法在所有任务上的平均名次</translation>
        </message>
        <message>
            <source>Nothing to compare yet</source>
            <translation>还没有可比较的内容</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>图</translation>
        </message>
        <message>
            <source>Ranks</source>
            <translation>名次</translation>
        </message>
        <message>
            <source>Run the next seeds of what has one: a single seed shows nothing</source>
            <translation>对只有一个种子的设置运行后续种子：单个种子说明不了什么</translation>
        </message>
        <message>
            <source>Scores compared</source>
            <translation>得分比较</translation>
        </message>
        <message>
            <source>The answer</source>
            <translation>结论</translation>
        </message>
        <message>
            <source>The experiment that the others are compared with</source>
            <translation>其他实验与之比较的实验</translation>
        </message>
        <message>
            <source>Validation scores over the steps</source>
            <translation>验证得分随步数的变化</translation>
        </message>
        <message>
            <source>What is compared</source>
            <translation>比较的量</translation>
        </message>
        <message>
            <source>band: {}</source>
            <translation>色带：{}</translation>
        </message>
        <message>
            <source>score (validation)</source>
            <translation>得分（验证）</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>{} more are in the table: choose a row to draw it</source>
            <translation>表中还有 {} 个：选中一行即可画出</translation>
        </message>
        <message>
            <source>… and {} more: rest here to read them</source>
            <translation>……还有 {} 条：停在此处查看</translation>
        </message>
    </context>
    <context>
        <name>CompareWords</name>
        <message>
            <source>95 % interval of the mean</source>
            <translation>均值的 95 % 区间</translation>
        </message>
        <message>
            <source>Forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>Learning accuracy</source>
            <translation>学习准确率</translation>
        </message>
        <message>
            <source>lowest to highest</source>
            <translation>最低到最高</translation>
        </message>
        <message>
            <source>standard deviation</source>
            <translation>标准差</translation>
        </message>
        <message>
            <source>{} on {}</source>
            <translation>{}（{}）</translation>
        </message>
        <message>
            <source>{} to {}</source>
            <translation>{} 到 {}</translation>
        </message>
    </context>
    <context>
        <name>Comparison</name>
        <message>
            <source>95 % interval</source>
            <translation>95 % 区间</translation>
        </message>
        <message>
            <source>A setting that differs, by its name in a preset.</source>
            <translation>有差别的设置，以预设中的名称表示。</translation>
        </message>
        <message>
            <source>By the t test at 0.05.</source>
            <translation>按 t 检验，水平 0.05。</translation>
        </message>
        <message>
            <source>Compare the others with this</source>
            <translation>以此为基线比较其他实验</translation>
        </message>
        <message>
            <source>Corrected by Holm for the {} differences that are looked at together.</source>
            <translation>对一起考察的 {} 个差异作了 Holm 校正。</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>差异</translation>
        </message>
        <message>
            <source>Experiment</source>
            <translation>实验</translation>
        </message>
        <message>
            <source>Experiments compared</source>
            <translation>比较的实验</translation>
        </message>
        <message>
            <source>It minus {}, over the seeds of both.</source>
            <translation>它减去 {}，在两者共有的种子上。</translation>
        </message>
        <message>
            <source>Mean over the seeds that came to their end; ± {}.</source>
            <translation>跑完的种子的均值；± 为{}。</translation>
        </message>
        <message>
            <source>Of the difference, by Student's t, for it alone.</source>
            <translation>差异的区间，按学生 t 分布，单独计算。</translation>
        </message>
        <message>
            <source>Paired t test that the difference is 0.</source>
            <translation>差异为 0 的配对 t 检验。</translation>
        </message>
        <message>
            <source>Runs that differ in their seed alone.</source>
            <translation>只有种子不同的运行。</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>种子</translation>
        </message>
        <message>
            <source>Seeds that came to their end, of how many there are.</source>
            <translation>跑完的种子数，以及种子总数。</translation>
        </message>
        <message>
            <source>Signed-rank test that the difference is 0.</source>
            <translation>差异为 0 的符号秩检验。</translation>
        </message>
        <message>
            <source>So it is</source>
            <translation>结论</translation>
        </message>
        <message>
            <source>baseline</source>
            <translation>基线</translation>
        </message>
        <message>
            <source>p (Wilcoxon)</source>
            <translation>p（Wilcoxon）</translation>
        </message>
        <message>
            <source>p (t)</source>
            <translation>p（t）</translation>
        </message>
        <message>
            <source>{} of {}</source>
            <translation>{} / {}</translation>
        </message>
        <message>
            <source>{}: what the others are compared with.</source>
            <translation>{}：其他实验与之比较。</translation>
        </message>
    </context>
    <context>
        <name>ComparisonSentences</name>
        <message>
            <source>, </source>
            <translation>，</translation>
        </message>
        <message>
            <source>Against {base}, of {n} others: {counts}.</source>
            <translation>与 {base} 相比，其余 {n} 个中：{counts}。</translation>
        </message>
        <message>
            <source>With {n} seeds Wilcoxon's p cannot fall below {p}: it takes 6 to reach 0.05.</source>
            <translation>只有 {n} 个种子时，Wilcoxon 的 p 不会低于 {p}：要 6 个才能低于 0.05。</translation>
        </message>
        <message>
            <source>a setup cannot be read</source>
            <translation>有一个设置无法读取</translation>
        </message>
        <message>
            <source>backward transfer</source>
            <translation>反向迁移</translation>
        </message>
        <message>
            <source>better</source>
            <translation>更好</translation>
        </message>
        <message>
            <source>cannot be compared</source>
            <translation>无法比较</translation>
        </message>
        <message>
            <source>equal on every seed</source>
            <translation>每个种子都相等</translation>
        </message>
        <message>
            <source>forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>it has other tasks</source>
            <translation>任务不同</translation>
        </message>
        <message>
            <source>its data or splits are others</source>
            <translation>数据或划分不同</translation>
        </message>
        <message>
            <source>its tasks are scored otherwise</source>
            <translation>任务的评分方式不同</translation>
        </message>
        <message>
            <source>no difference shown</source>
            <translation>未显示出差异</translation>
        </message>
        <message>
            <source>no finished seed in common</source>
            <translation>没有共同跑完的种子</translation>
        </message>
        <message>
            <source>one seed shows nothing</source>
            <translation>一个种子说明不了什么</translation>
        </message>
        <message>
            <source>score</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>worse</source>
            <translation>更差</translation>
        </message>
        <message>
            <source>{finding} ({p})</source>
            <translation>{finding}（{p}）</translation>
        </message>
        <message>
            <source>{finding} ({p}, corrected for {n} comparisons)</source>
            <translation>{finding}（{p}，已对 {n} 次比较校正）</translation>
        </message>
        <message>
            <source>{head}, 95 % interval {low} to {high} over {n} seeds: {conclusion}.</source>
            <translation>{head}，95 % 区间 {low} 到 {high}（{n} 个种子）：{conclusion}。</translation>
        </message>
        <message>
            <source>{head}, on one seed: no interval and no test, so it shows nothing.</source>
            <translation>{head}，只有一个种子：没有区间也没有检验，说明不了什么。</translation>
        </message>
        <message>
            <source>{head}, over {n} seeds: {conclusion}.</source>
            <translation>{head}（{n} 个种子）：{conclusion}。</translation>
        </message>
        <message>
            <source>{metric} (mean of {n} tasks)</source>
            <translation>{metric}（{n} 个任务的均值）</translation>
        </message>
        <message>
            <source>{metric} just after learning</source>
            <translation>刚学完时的 {metric}</translation>
        </message>
        <message>
            <source>{metric} on {task}</source>
            <translation>{task} 上的 {metric}</translation>
        </message>
        <message>
            <source>{name} and {base} cannot be compared.</source>
            <translation>{name} 与 {base} 无法比较。</translation>
        </message>
        <message>
            <source>{name} and {base} have no finished seed in common: nothing is subtracted.</source>
            <translation>{name} 与 {base} 没有共同跑完的种子：不作相减。</translation>
        </message>
        <message>
            <source>{name} and {base} reach the same {what} on each of {n} seeds.</source>
            <translation>{name} 与 {base} 在全部 {n} 个种子上的{what}都相同。</translation>
        </message>
        <message>
            <source>{name} and {base}: {k} of {n} seeds have no finite {what} of both.</source>
            <translation>{name} 与 {base}：{n} 个种子中有 {k} 个没有两者都有限的{what}。</translation>
        </message>
        <message>
            <source>{name} forgets {amount} less than {base}</source>
            <translation>{name} 比 {base} 少遗忘 {amount}</translation>
        </message>
        <message>
            <source>{name} forgets {amount} more than {base}</source>
            <translation>{name} 比 {base} 多遗忘 {amount}</translation>
        </message>
        <message>
            <source>{name} has no finished run yet.</source>
            <translation>{name} 还没有跑完的运行。</translation>
        </message>
        <message>
            <source>{name} is not subtracted from {base}: {why}.</source>
            <translation>{name} 不与 {base} 相减：{why}。</translation>
        </message>
        <message>
            <source>{name} keeps {amount} less {what} than {base}</source>
            <translation>{name} 保住的{what}比 {base} 低 {amount}</translation>
        </message>
        <message>
            <source>{name} keeps {amount} more {what} than {base}</source>
            <translation>{name} 保住的{what}比 {base} 高 {amount}</translation>
        </message>
        <message>
            <source>{name} reaches {amount} less {what} than {base}</source>
            <translation>{name} 达到的{what}比 {base} 低 {amount}</translation>
        </message>
        <message>
            <source>{name} reaches {amount} more {what} than {base}</source>
            <translation>{name} 达到的{what}比 {base} 高 {amount}</translation>
        </message>
        <message>
            <source>{name}: Wilcoxon's test, which asks for no normal distribution, has {p}.</source>
            <translation>{name}：不要求正态分布的 Wilcoxon 检验给出 {p}。</translation>
        </message>
        <message>
            <source>{name}: {k} of {n} seeds did not come to their end ({seeds}) and have no say.</source>
            <translation>{name}：{n} 个种子中有 {k} 个没有跑完（{seeds}），不计入。</translation>
        </message>
        <message>
            <source>{name}: {k} of {n} seeds diverged ({seeds}); the rest alone has a say.</source>
            <translation>{name}：{n} 个种子中有 {k} 个发散（{seeds}）；只计其余的。</translation>
        </message>
        <message>
            <source>{name}: {value} {what} (seeds: {n}), and nothing to compare it with yet.</source>
            <translation>{name}：{what} {value}（种子：{n}），还没有可比较的对象。</translation>
        </message>
        <message>
            <source>{} better</source>
            <translation>{} 个更好</translation>
        </message>
        <message>
            <source>{} equal on every seed</source>
            <translation>{} 个在每个种子上都相等</translation>
        </message>
        <message>
            <source>{} on one seed, which shows nothing</source>
            <translation>{} 个只有一个种子，说明不了什么</translation>
        </message>
        <message>
            <source>{} that cannot be compared</source>
            <translation>{} 个无法比较</translation>
        </message>
        <message>
            <source>{} with no difference shown</source>
            <translation>{} 个未显示出差异</translation>
        </message>
        <message>
            <source>{} without a finished seed in common</source>
            <translation>{} 个没有共同跑完的种子</translation>
        </message>
        <message>
            <source>{} worse</source>
            <translation>{} 个更差</translation>
        </message>
    </context>
    <context>
        <name>Continuations</name>
        <message>
            <source>{} has no checkpoint to go on from</source>
            <translation>{} 没有可以继续的检查点</translation>
        </message>
        <message>
            <source>{} has no checkpoint whose trunk could be used</source>
            <translation>{} 没有可取用主干的检查点</translation>
        </message>
    </context>
    <context>
        <name>Controller</name>
        <message>
            <source>Getting ready; then it runs</source>
            <translation>正在准备，完成后即运行</translation>
        </message>
        <message>
            <source>Keep in the setup</source>
            <translation>保留到设置中</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>问题</translation>
        </message>
        <message>
            <source>Problems ({})</source>
            <translation>问题（{}）</translation>
        </message>
        <message>
            <source>You changed something while it ran. Keep it for the next run?</source>
            <translation>运行期间有一处改动。是否保留到下次运行？</translation>
        </message>
        <message>
            <source>You changed {} things while it ran. Keep them for the next run?</source>
            <translation>运行期间有 {} 处改动。是否保留到下次运行？</translation>
        </message>
    </context>
    <context>
        <name>CostEstimator</name>
        <message>
            <source>FLOPs of answering an example: matrix products and convolutions</source>
            <translation>回答一个样本的浮点运算：矩阵乘法与卷积</translation>
        </message>
        <message>
            <source>Keeps up to {} examples · {}</source>
            <translation>最多保留 {} 个样本 · {}</translation>
        </message>
        <message>
            <source>Keeps up to {}, and no examples</source>
            <translation>最多保留 {}，不保留样本</translation>
        </message>
        <message>
            <source>Memory of a training step, without what balancing and retention keep</source>
            <translation>一个训练步的内存，不含平衡与保持方法所存</translation>
        </message>
        <message>
            <source>Not known: {}</source>
            <translation>未知：{}</translation>
        </message>
        <message>
            <source>What is kept of the past beside the model, as it is in a checkpoint: examples with
their answers and what is noted of them, importances, copies of the network</source>
            <translation>除模型本身外为过去保留的内容，按检查点中的大小计：样本及其答案和
相关记录、重要性、网络的副本</translation>
        </message>
        <message>
            <source>known when nothing keeps the setup from running</source>
            <translation>设置可以运行时即可得知</translation>
        </message>
        <message>
            <source>{} an example</source>
            <translation>每个样本 {}</translation>
        </message>
        <message>
            <source>{} parameters</source>
            <translation>{} 个参数</translation>
        </message>
        <message>
            <source>{} parameters, of which {} are shared</source>
            <translation>{} 个参数，其中 {} 个共享</translation>
        </message>
        <message>
            <source>{} were asked for ({} %); widths {}</source>
            <translation>要求 {} 个（{} %）；宽度 {}</translation>
        </message>
    </context>
    <context>
        <name>CurvePointing</name>
        <message>
            <source>epoch</source>
            <translation>轮</translation>
        </message>
        <message>
            <source>epoch {}</source>
            <translation>第 {} 轮</translation>
        </message>
        <message>
            <source>seconds of training</source>
            <translation>训练秒数</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>{} s</source>
            <translation>{} 秒</translation>
        </message>
    </context>
    <context>
        <name>Curves</name>
        <message>
            <source>&amp;Curves</source>
            <translation>曲线(&amp;C)</translation>
        </message>
        <message>
            <source>By which metric the scores are drawn</source>
            <translation>按哪种指标绘制分数</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>轮</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>对数</translation>
        </message>
        <message>
            <source>Logarithmic loss axis</source>
            <translation>对数损失轴</translation>
        </message>
        <message>
            <source>Loss at step {}: {}</source>
            <translation>第 {} 步的损失：{}</translation>
        </message>
        <message>
            <source>Loss per task</source>
            <translation>各任务的损失</translation>
        </message>
        <message>
            <source>Newest validation scores: {}</source>
            <translation>最新验证得分：{}</translation>
        </message>
        <message>
            <source>No curves yet</source>
            <translation>还没有曲线</translation>
        </message>
        <message>
            <source>Own metric</source>
            <translation>任务自身的指标</translation>
        </message>
        <message>
            <source>Press Run, or F5. Each task's loss and validation score grow here as it learns.</source>
            <translation>点击“运行”或按 F5。学习过程中，各任务的损失和验证得分会在此逐步绘出。</translation>
        </message>
        <message>
            <source>Raw</source>
            <translation>原始</translation>
        </message>
        <message>
            <source>Runs drawn over the curves</source>
            <translation>叠加在曲线上的运行</translation>
        </message>
        <message>
            <source>Show every step's loss behind the smoothed curve</source>
            <translation>在平滑曲线后显示每一步的损失</translation>
        </message>
        <message>
            <source>Show loss and score in numbers: last, best and mean</source>
            <translation>以数字显示损失和得分：最新、最佳和平均</translation>
        </message>
        <message>
            <source>Smooth</source>
            <translation>平滑</translation>
        </message>
        <message>
            <source>Smoothing of the loss</source>
            <translation>损失的平滑程度</translation>
        </message>
        <message>
            <source>Smoothing: each point is the mean of {} steps, itself in their middle; the raw loss stays faint</source>
            <translation>平滑：每个点是以其为中心的 {} 步的平均；原始损失以淡色保留</translation>
        </message>
        <message>
            <source>Steps</source>
            <translation>步</translation>
        </message>
        <message>
            <source>Table</source>
            <translation>表格</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>时间</translation>
        </message>
        <message>
            <source>Validation score per task</source>
            <translation>各任务的验证得分</translation>
        </message>
        <message>
            <source>What the x-axis counts</source>
            <translation>横轴的单位</translation>
        </message>
        <message>
            <source>loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>raw</source>
            <translation>原始</translation>
        </message>
        <message>
            <source>score</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>{} (validation)</source>
            <translation>{}（验证）</translation>
        </message>
        <message>
            <source>{} steps</source>
            <translation>{} 步</translation>
        </message>
    </context>
    <context>
        <name>Diagram</name>
        <message>
            <source>Diagram of the model</source>
            <translation>模型示意图</translation>
        </message>
        <message>
            <source>adapters</source>
            <translation>适配器</translation>
        </message>
        <message>
            <source>experts</source>
            <translation>专家</translation>
        </message>
        <message>
            <source>fusion</source>
            <translation>融合</translation>
        </message>
        <message>
            <source>gates</source>
            <translation>门</translation>
        </message>
        <message>
            <source>heads</source>
            <translation>头</translation>
        </message>
        <message>
            <source>inputs</source>
            <translation>输入</translation>
        </message>
        <message>
            <source>towers</source>
            <translation>塔</translation>
        </message>
        <message>
            <source>trunk</source>
            <translation>主干</translation>
        </message>
        <message>
            <source>used by {}</source>
            <translation>由 {} 使用</translation>
        </message>
        <message>
            <source>{} parameters</source>
            <translation>{} 个参数</translation>
        </message>
    </context>
    <context>
        <name>DifferencePlot</name>
        <message>
            <source>Differences from the baseline</source>
            <translation>与基线的差异</translation>
        </message>
        <message>
            <source>Wilcoxon: p {}</source>
            <translation>Wilcoxon：p {}</translation>
        </message>
        <message>
            <source>better →</source>
            <translation>更好 →</translation>
        </message>
        <message>
            <source>{what}: difference from {base}, 95 % interval ({way})</source>
            <translation>{what}：与 {base} 的差异，95 % 区间（{way}）</translation>
        </message>
        <message>
            <source>← better</source>
            <translation>← 更好</translation>
        </message>
    </context>
    <context>
        <name>EventLog</name>
        <message>
            <source>A problem keeps this from running</source>
            <translation>有一个问题使其无法运行</translation>
        </message>
        <message>
            <source>After stage {}</source>
            <translation>阶段 {} 之后</translation>
        </message>
        <message>
            <source>Before training</source>
            <translation>训练之前</translation>
        </message>
        <message>
            <source>Diverged at step {:,}, task {}: {}</source>
            <translation>在第 {:,} 步发散，任务 {}：{}</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>失败</translation>
        </message>
        <message>
            <source>Failed: {}</source>
            <translation>失败：{}</translation>
        </message>
        <message>
            <source>From step {:,}: {}</source>
            <translation>从第 {:,} 步起：{}</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>Paused at step {:,}</source>
            <translation>暂停于第 {:,} 步</translation>
        </message>
        <message>
            <source>Reading the catalogue…</source>
            <translation>正在读取方法目录…</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>就绪</translation>
        </message>
        <message>
            <source>Run {}: seed {}, {:,} parameters ({:,} shared), {} with {} thread(s)</source>
            <translation>运行 {}：种子 {}，{:,} 个参数（共享 {:,} 个），{}，{} 个线程</translation>
        </message>
        <message>
            <source>Seed {}: {}</source>
            <translation>种子 {}：{}</translation>
        </message>
        <message>
            <source>Stage {}: {}</source>
            <translation>阶段 {}：{}</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>正在启动…</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>正在停止…</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Weight of {}</source>
            <translation>{} 的权重</translation>
        </message>
        <message>
            <source>begins</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>seed {} ({}/{})</source>
            <translation>种子 {}（{}/{}）</translation>
        </message>
        <message>
            <source>stage {}/{}: {}</source>
            <translation>阶段 {}/{}：{}</translation>
        </message>
        <message>
            <source>step {:,}</source>
            <translation>第 {:,} 步</translation>
        </message>
        <message>
            <source>{:,.0f} steps/s</source>
            <translation>{:,.0f} 步/秒</translation>
        </message>
        <message>
            <source>{} after {:,} steps in {}</source>
            <translation>{}：共 {:,} 步，用时 {}</translation>
        </message>
        <message>
            <source>{} found a drift at step {:,}, in {}</source>
            <translation>{} 在第 {:,} 步发现漂移，任务 {}</translation>
        </message>
        <message>
            <source>{} left</source>
            <translation>剩余 {}</translation>
        </message>
        <message>
            <source>{} of {} runs at once, {} done</source>
            <translation>{} 个（共 {} 次运行）同时进行，{} 个已完成</translation>
        </message>
        <message>
            <source>{} problems keep this from running</source>
            <translation>有 {} 个问题使其无法运行</translation>
        </message>
        <message>
            <source>{} set to {:g} at step {:,}</source>
            <translation>{} 设为 {:g}，自第 {:,} 步起</translation>
        </message>
    </context>
    <context>
        <name>Export</name>
        <message>
            <source>&amp;Choose…</source>
            <translation>选择(&amp;C)…</translation>
        </message>
        <message>
            <source>&amp;Export</source>
            <translation>导出(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Open the folder</source>
            <translation>打开文件夹(&amp;O)</translation>
        </message>
        <message>
            <source>A row a step, task and seed, for a spreadsheet</source>
            <translation>每步、每任务、每种子一行，供电子表格使用</translation>
        </message>
        <message>
            <source>A store of runs; MLflow must be installed</source>
            <translation>运行的存储库；需要安装 MLflow</translation>
        </message>
        <message>
            <source>All of it, with a script that makes the runs again</source>
            <translation>全部内容，并附可重做这些运行的脚本</translation>
        </message>
        <message>
            <source>Archive (ZIP)</source>
            <translation>归档（ZIP）</translation>
        </message>
        <message>
            <source>Choose the runs to export in Runs first</source>
            <translation>请先在“运行记录”中选择要导出的运行</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Event files</source>
            <translation>事件文件</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>导出</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>It was stopped; what was whole by then is there.</source>
            <translation>已停止；此前已完整写出的内容仍在。</translation>
        </message>
        <message>
            <source>One page with figures and tables, for any browser</source>
            <translation>一页图表与表格，任何浏览器都能打开</translation>
        </message>
        <message>
            <source>One run is exported.</source>
            <translation>将导出一个运行。</translation>
        </message>
        <message>
            <source>Report (HTML)</source>
            <translation>报告（HTML）</translation>
        </message>
        <message>
            <source>Saved in {}</source>
            <translation>已保存到 {}</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Tables (CSV)</source>
            <translation>表格（CSV）</translation>
        </message>
        <message>
            <source>Tables (Parquet)</source>
            <translation>表格（Parquet）</translation>
        </message>
        <message>
            <source>The same for pandas, R and others, and smaller</source>
            <translation>内容相同，供 pandas、R 等使用，且更小</translation>
        </message>
        <message>
            <source>{} runs are exported.</source>
            <translation>将导出 {} 个运行。</translation>
        </message>
    </context>
    <context>
        <name>Exports</name>
        <message>
            <source>Publish…</source>
            <translation>发表…</translation>
        </message>
        <message>
            <source>Save as PDF…</source>
            <translation>另存为 PDF…</translation>
        </message>
        <message>
            <source>Save as PNG…</source>
            <translation>另存为 PNG…</translation>
        </message>
        <message>
            <source>Save as SVG…</source>
            <translation>另存为 SVG…</translation>
        </message>
        <message>
            <source>Save the numbers as CSV…</source>
            <translation>将数据另存为 CSV…</translation>
        </message>
        <message>
            <source>Save {}</source>
            <translation>保存{}</translation>
        </message>
        <message>
            <source>{} was not saved: {}</source>
            <translation>{} 未保存：{}</translation>
        </message>
    </context>
    <context>
        <name>FigureCard</name>
        <message>
            <source>({} of {} seeds)</source>
            <translation>（{}/{} 个种子）</translation>
        </message>
    </context>
    <context>
        <name>Files</name>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>放弃</translation>
        </message>
        <message>
            <source>Discarded, they are lost.</source>
            <translation>放弃后，这些更改会丢失。</translation>
        </message>
        <message>
            <source>Open a preset</source>
            <translation>打开预设</translation>
        </message>
        <message>
            <source>Presets (*.yaml *.yml)</source>
            <translation>预设 (*.yaml *.yml)</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>保存</translation>
        </message>
        <message>
            <source>Save the preset</source>
            <translation>保存预设</translation>
        </message>
        <message>
            <source>Unsaved changes</source>
            <translation>未保存的更改</translation>
        </message>
        <message>
            <source>“{}” has unsaved changes.</source>
            <translation>“{}”有未保存的更改。</translation>
        </message>
    </context>
    <context>
        <name>FindingBar</name>
        <message>
            <source>Nothing stands out.</source>
            <translation>没有特别之处。</translation>
        </message>
        <message>
            <source>Try what may help</source>
            <translation>试试可能有用的办法</translation>
        </message>
        <message>
            <source>What else it shows</source>
            <translation>它还显示了什么</translation>
        </message>
        <message>
            <source>What the run shows is said here when it ends.</source>
            <translation>运行结束后，结论会写在这里。</translation>
        </message>
        <message>
            <source>What the run shows: {}</source>
            <translation>运行结论：{}</translation>
        </message>
        <message>
            <source>{} more</source>
            <translation>还有 {} 条</translation>
        </message>
    </context>
    <context>
        <name>Findings</name>
        <message>
            <source>Add 4 seeds</source>
            <translation>增加 4 个种子</translation>
        </message>
        <message>
            <source>Each task has a network, held alike to the others' by a penalty.</source>
            <translation>每个任务各有一个网络，用惩罚项使它们相近。</translation>
        </message>
        <message>
            <source>It forgot a part: {kept} of what earlier tasks had gained is left.</source>
            <translation>忘了一部分：先前任务学到的还剩 {kept}。</translation>
        </message>
        <message>
            <source>It forgot {n} of {all} earlier tasks, and kept {kept} of what they had gained.</source>
            <translation>先前 {all} 个任务忘了 {n} 个，学到的还剩 {kept}。</translation>
        </message>
        <message>
            <source>It gives more weight to tasks that learn slowly.</source>
            <translation>给学得慢的任务更大权重。</translation>
        </message>
        <message>
            <source>It keeps a few examples of each task and shows them again.</source>
            <translation>为每个任务保留少量样本并反复展示。</translation>
        </message>
        <message>
            <source>It remembers: {kept} of what earlier tasks had gained is left.</source>
            <translation>记住了：先前任务学到的还剩 {kept}。</translation>
        </message>
        <message>
            <source>Learning together costs {amount} against a network for each task.</source>
            <translation>与每个任务单独一个网络相比，一起学习损失 {amount}。</translation>
        </message>
        <message>
            <source>Learning together gains {amount} against a network for each task.</source>
            <translation>与每个任务单独一个网络相比，一起学习提升 {amount}。</translation>
        </message>
        <message>
            <source>Learning together shows no difference to a network for each task: {amount}.</source>
            <translation>与每个任务单独一个网络相比，一起学习没有显出差别：{amount}。</translation>
        </message>
        <message>
            <source>Measure transfer</source>
            <translation>测量迁移</translation>
        </message>
        <message>
            <source>No task is better than before training: nothing was learned.</source>
            <translation>没有任务比训练前更好：什么也没学到。</translation>
        </message>
        <message>
            <source>No two tasks pull against each other.</source>
            <translation>没有两个任务相互冲突。</translation>
        </message>
        <message>
            <source>One seed shows no spread: another may end otherwise.</source>
            <translation>只有一个种子，看不出离散程度：换一个结果可能不同。</translation>
        </message>
        <message>
            <source>Run each task alone too: what does learning together cost?</source>
            <translation>再让每个任务单独运行：一起学习的代价是多少？</translation>
        </message>
        <message>
            <source>The loss of {task} was no number any more after {step} steps: it diverged.</source>
            <translation>{step} 步后 {task} 的损失不再是数：训练发散了。</translation>
        </message>
        <message>
            <source>Try GradNorm</source>
            <translation>试试 GradNorm</translation>
        </message>
        <message>
            <source>Try a learning rate of {rate}</source>
            <translation>试试学习率 {rate}</translation>
        </message>
        <message>
            <source>Try replay</source>
            <translation>试试回放</translation>
        </message>
        <message>
            <source>Try soft sharing</source>
            <translation>试试软共享</translation>
        </message>
        <message>
            <source>{mean} [{low}, {high}]</source>
            <translation>{mean} [{low}, {high}]</translation>
        </message>
        <message>
            <source>{n} of {all} seeds diverged; first {task}, after {step} steps.</source>
            <translation>{all} 个种子中有 {n} 个发散；最先是 {task}，在 {step} 步后。</translation>
        </message>
        <message>
            <source>{one} and {other} pull against each other in {n} of {all} probes.</source>
            <translation>在 {all} 次探测中，{one} 与 {other} 有 {n} 次相互冲突。</translation>
        </message>
        <message>
            <source>{slow} hardly learned: its loss fell by {little} %, that of {fast} by {much} %.</source>
            <translation>{slow} 几乎没学到：其损失只降了 {little} %，而 {fast} 降了 {much} %。</translation>
        </message>
    </context>
    <context>
        <name>Forgetting</name>
        <message>
            <source>&amp;Forgetting</source>
            <translation>遗忘(&amp;F)</translation>
        </message>
        <message>
            <source>Among runs</source>
            <translation>各次运行</translation>
        </message>
        <message>
            <source>By task</source>
            <translation>按任务</translation>
        </message>
        <message>
            <source>Matrix</source>
            <translation>矩阵</translation>
        </message>
        <message>
            <source>No stage has ended yet</source>
            <translation>还没有阶段结束</translation>
        </message>
        <message>
            <source>One stage: nothing could be forgotten</source>
            <translation>只有一个阶段：没有可遗忘的</translation>
        </message>
        <message>
            <source>Over time</source>
            <translation>随时间</translation>
        </message>
        <message>
            <source>Plasticity against stability over the history</source>
            <translation>历史运行中的可塑性与稳定性</translation>
        </message>
        <message>
            <source>Run a sequential curriculum. After each stage every task is tested again, and what was forgotten shows here.</source>
            <translation>请运行顺序课程。每个阶段结束后会重新测试所有任务，遗忘的内容将显示在此处。</translation>
        </message>
        <message>
            <source>Run joint training (upper bound) and fine-tuning (lower bound) of this setup
on the same seeds, then show this run again with both drawn in</source>
            <translation>用相同的种子运行此设置的联合训练（上界）与微调（下界），
然后重新显示本次运行并画出两者</translation>
        </message>
        <message>
            <source>Run the bounds</source>
            <translation>运行上下界</translation>
        </message>
        <message>
            <source>Test scores after each stage, and what was lost</source>
            <translation>每个阶段后的测试得分，以及失去的部分</translation>
        </message>
        <message>
            <source>Validation scores step by step, each drop marked</source>
            <translation>逐步的验证得分，标出每次下降</translation>
        </message>
        <message>
            <source>What each task adds to the measures</source>
            <translation>每个任务对各项度量的贡献</translation>
        </message>
        <message>
            <source>What is shown</source>
            <translation>显示内容</translation>
        </message>
        <message>
            <source>this run</source>
            <translation>本次运行</translation>
        </message>
    </context>
    <context>
        <name>Form</name>
        <message>
            <source>Default: {}</source>
            <translation>默认值：{}</translation>
        </message>
        <message>
            <source>Reset to {}</source>
            <translation>重置为 {}</translation>
        </message>
        <message>
            <source>Reset {}</source>
            <translation>重置{}</translation>
        </message>
        <message>
            <source>a number</source>
            <translation>数字</translation>
        </message>
        <message>
            <source>a whole number</source>
            <translation>整数</translation>
        </message>
        <message>
            <source>at least {}</source>
            <translation>至少 {}</translation>
        </message>
        <message>
            <source>at most {}</source>
            <translation>至多 {}</translation>
        </message>
        <message>
            <source>less than {}</source>
            <translation>小于 {}</translation>
        </message>
        <message>
            <source>more than {}</source>
            <translation>大于 {}</translation>
        </message>
        <message>
            <source>names, with commas</source>
            <translation>名称，以逗号分隔</translation>
        </message>
        <message>
            <source>numbers, with commas</source>
            <translation>数字，以逗号分隔</translation>
        </message>
        <message>
            <source>off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>on</source>
            <translation>开</translation>
        </message>
        <message>
            <source>wanted: {}; found “{}”</source>
            <translation>需要：{}；输入的是“{}”</translation>
        </message>
        <message>
            <source>whole numbers, with commas</source>
            <translation>用逗号分隔的整数</translation>
        </message>
    </context>
    <context>
        <name>Gallery</name>
        <message>
            <source>A table, arrays or a folder of pictures: tick what is to be predicted.</source>
            <translation>一张表、数组或一个图片文件夹：勾选要预测的内容。</translation>
        </message>
        <message>
            <source>Bring my data…</source>
            <translation>带入我的数据…</translation>
        </message>
        <message>
            <source>Can it learn to learn?</source>
            <translation>能学会学习吗？</translation>
        </message>
        <message>
            <source>Can one model speak many languages?</source>
            <translation>一个模型能说多种语言吗？</translation>
        </message>
        <message>
            <source>Choose an experiment, then press Run. Everything in it can be changed.</source>
            <translation>选择一个实验，然后点击“运行”。其中的一切都可以修改。</translation>
        </message>
        <message>
            <source>Do my tasks fight?</source>
            <translation>我的任务互相冲突吗？</translation>
        </message>
        <message>
            <source>Does sharing help?</source>
            <translation>共享有帮助吗？</translation>
        </message>
        <message>
            <source>Find a preset by any word of it</source>
            <translation>按任意词语查找预设</translation>
        </message>
        <message>
            <source>Find: moons, drift, negative transfer…</source>
            <translation>查找：moons、drift、negative transfer……</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>No preset has all of these words.</source>
            <translation>没有预设同时含有这些词。</translation>
        </message>
        <message>
            <source>Open a preset…</source>
            <translation>打开预设…</translation>
        </message>
        <message>
            <source>Start from an empty setup</source>
            <translation>从空白设置开始</translation>
        </message>
        <message>
            <source>Start here</source>
            <translation>从这里开始</translation>
        </message>
        <message>
            <source>What about my own data?</source>
            <translation>我自己的数据呢？</translation>
        </message>
        <message>
            <source>What do you want to see?</source>
            <translation>您想看什么？</translation>
        </message>
        <message>
            <source>What if the data change?</source>
            <translation>数据变了怎么办？</translation>
        </message>
        <message>
            <source>What is forgotten, and what keeps it?</source>
            <translation>忘掉了什么，怎样记住？</translation>
        </message>
        <message>
            <source>Which weights, which compromise?</source>
            <translation>用什么权重，取什么折中？</translation>
        </message>
        <message>
            <source>or drop a preset or your data anywhere on the window</source>
            <translation>或将预设或数据拖放到窗口任意位置</translation>
        </message>
    </context>
    <context>
        <name>Glossary</name>
        <message>
            <source>1 where both gradients are as long, near 0 where one drowns the other: then the direction of their sum is that of one task alone. (Yu 2020)</source>
            <translation>两个梯度一样长时为 1；一个淹没另一个时接近 0：此时它们之和的方向就是其中一个任务的方向。（Yu 2020）</translation>
        </message>
        <message>
            <source>95 % interval over seeds</source>
            <translation>各种子的 95 % 区间</translation>
        </message>
        <message>
            <source>A task that is worse off together than alone: its own term of Δm is below 0. Believe it where the interval over seeds leaves 0 out.</source>
            <translation>一起学习反而比单独学习差的任务：它在 Δm 中的那一项小于 0。当各种子的区间不包含 0 时才可信。</translation>
        </message>
        <message>
            <source>Conflict rate</source>
            <translation>冲突率</translation>
        </message>
        <message>
            <source>Cosine of gradients</source>
            <translation>梯度的余弦</translation>
        </message>
        <message>
            <source>FORMULA</source>
            <translation>公式</translation>
        </message>
        <message>
            <source>Find a measure</source>
            <translation>查找度量</translation>
        </message>
        <message>
            <source>Glossary</source>
            <translation>术语表</translation>
        </message>
        <message>
            <source>HOW TO READ IT</source>
            <translation>如何解读</translation>
        </message>
        <message>
            <source>Higher is better.</source>
            <translation>越高越好。</translation>
        </message>
        <message>
            <source>How much of task j's loss one step on task i alone takes away. Above 0 it helps, below 0 it harms; it need not be the same both ways. (Fifty 2021)</source>
            <translation>只对任务 i 迈出一步，能减少任务 j 的损失多少。大于 0 表示有帮助，小于 0 表示有害；两个方向不必相同。（Fifty 2021）</translation>
        </message>
        <message>
            <source>How sure it is</source>
            <translation>有多大把握</translation>
        </message>
        <message>
            <source>Lower is better.</source>
            <translation>越低越好。</translation>
        </message>
        <message>
            <source>Magnitude similarity</source>
            <translation>幅度相似度</translation>
        </message>
        <message>
            <source>Measures</source>
            <translation>度量</translation>
        </message>
        <message>
            <source>Negative transfer</source>
            <translation>负迁移</translation>
        </message>
        <message>
            <source>No measure says that</source>
            <translation>没有度量提到它</translation>
        </message>
        <message>
            <source>Paired difference</source>
            <translation>配对差异</translation>
        </message>
        <message>
            <source>Picture of {}</source>
            <translation>{} 的图示</translation>
        </message>
        <message>
            <source>Rows: after which stage. Columns: which task. + counts, − is taken off.</source>
            <translation>行：在哪个阶段之后。列：哪个任务。+ 计入，− 减去。</translation>
        </message>
        <message>
            <source>Scores of one task</source>
            <translation>单个任务的分数</translation>
        </message>
        <message>
            <source>Task affinity</source>
            <translation>任务亲和度</translation>
        </message>
        <message>
            <source>The angle between the gradients of two tasks in the parameters that they share. Above 0 a step for one helps the other, below 0 it harms it: a conflict. One probe says little; look at many.</source>
            <translation>两个任务在共享参数上的梯度之间的夹角。大于 0 时，为一个任务迈出的一步也帮助另一个；小于 0 时则有害，即冲突。单次探测说明不了什么，要看多次。</translation>
        </message>
        <message>
            <source>The mean relative change of each task's score against the task learned alone, B, with the same seed and budget; the sign is turned where lower is better. Above 0 learning together helps. (Maninis 2019)</source>
            <translation>每个任务的分数相对于单独学习（B，相同种子与预算）的平均相对变化；越低越好的分数取反号。大于 0 表示一起学习有帮助。（Maninis 2019）</translation>
        </message>
        <message>
            <source>The share of probes of a run in which the gradients of two tasks conflict. Near one half is what gradients that have nothing to do with each other give.</source>
            <translation>一次运行的探测中，两个任务的梯度发生冲突的比例。互不相干的梯度给出接近一半的值。</translation>
        </message>
        <message>
            <source>Two methods on the same seeds: the differences seed by seed vary less than the scores. Where the interval leaves 0 out, the methods differ.</source>
            <translation>两种方法用相同的种子：逐个种子的差异比分数本身波动更小。区间不包含 0 时，两种方法确有差别。</translation>
        </message>
        <message>
            <source>What is kept and lost</source>
            <translation>保留了什么，失去了什么</translation>
        </message>
        <message>
            <source>Where the mean of many more seeds would lie, if this was done again and again, in 95 of 100 cases. Three seeds give a wide one; one seed gives none.</source>
            <translation>如果反复这样做，100 次中有 95 次，更多种子的均值会落在其中。三个种子给出很宽的区间；一个种子没有区间。</translation>
        </message>
        <message>
            <source>Whether sharing helps</source>
            <translation>共享是否有帮助</translation>
        </message>
        <message>
            <source>Whether tasks fight</source>
            <translation>任务是否冲突</translation>
        </message>
        <message>
            <source>Δm: multi-task gain</source>
            <translation>Δm：多任务增益</translation>
        </message>
    </context>
    <context>
        <name>GoOn</name>
        <message>
            <source>A new run begins at the checkpoint, with its model, optimizer, data order and memories. It keeps tasks, network and seed; weights, rate, balancing and retention can be changed in the setup first. Stages that had ended stay as they were.</source>
            <translation>新的运行从该检查点开始，沿用其模型、优化器、数据顺序和记忆。任务、网络和种子保持不变；权重、学习率、平衡方法和保持方法可以先在设置中更改。已结束的阶段保持原样。</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Change the setup first</source>
            <translation>先更改设置</translation>
        </message>
        <message>
            <source>Checkpoint</source>
            <translation>检查点</translation>
        </message>
        <message>
            <source>From</source>
            <translation>起点</translation>
        </message>
        <message>
            <source>Go on from “{}”</source>
            <translation>从“{}”继续</translation>
        </message>
        <message>
            <source>More epochs a stage</source>
            <translation>每阶段增加的轮数</translation>
        </message>
        <message>
            <source>More steps a stage</source>
            <translation>每阶段增加的步数</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>step {} (the last)</source>
            <translation>第 {} 步（最后）</translation>
        </message>
    </context>
    <context>
        <name>Guide</name>
        <message>
            <source>&amp;Back</source>
            <translation>后退(&amp;B)</translation>
        </message>
        <message>
            <source>&amp;Forward</source>
            <translation>前进(&amp;F)</translation>
        </message>
        <message>
            <source>Contents of the guide</source>
            <translation>指南目录</translation>
        </message>
        <message>
            <source>Guide</source>
            <translation>指南</translation>
        </message>
        <message>
            <source>Larger letters (Ctrl++)</source>
            <translation>放大字号 (Ctrl++)</translation>
        </message>
        <message>
            <source>Page of the guide</source>
            <translation>指南页面</translation>
        </message>
        <message>
            <source>Smaller letters (Ctrl+-)</source>
            <translation>缩小字号 (Ctrl+-)</translation>
        </message>
    </context>
    <context>
        <name>Heatmap</name>
        <message>
            <source>R[{}, {}] = {}: {} after {}, on the test split</source>
            <translation>R[{}, {}] = {}：{} 在 {} 之后，测试集</translation>
        </message>
        <message>
            <source>after learning ↓</source>
            <translation>学习之后 ↓</translation>
        </message>
        <message>
            <source>tested on →</source>
            <translation>测试于 →</translation>
        </message>
        <message>
            <source>{}: not reached yet</source>
            <translation>{}：尚未到达</translation>
        </message>
    </context>
    <context>
        <name>Help</name>
        <message>
            <source>What is this? {}</source>
            <translation>这是什么？{}</translation>
        </message>
    </context>
    <context>
        <name>Inside</name>
        <message>
            <source>Examples in the memory</source>
            <translation>记忆中的样本</translation>
        </message>
        <message>
            <source>Go back in time: show the table at an earlier step</source>
            <translation>回到过去：显示较早步骤的表格</translation>
        </message>
        <message>
            <source>I&amp;nside</source>
            <translation>内部(&amp;N)</translation>
        </message>
        <message>
            <source>Inside a method</source>
            <translation>方法内部</translation>
        </message>
        <message>
            <source>Methods with a memory, importances or masks show them here at every probe and at the end of each stage.</source>
            <translation>带有记忆、重要性或掩码的方法会在每次探测和每个阶段末在此显示它们。</translation>
        </message>
        <message>
            <source>Nothing to look into yet</source>
            <translation>还没有可查看的内容</translation>
        </message>
        <message>
            <source>Over time</source>
            <translation>随时间</translation>
        </message>
        <message>
            <source>Some of what it holds</source>
            <translation>其中的一部分</translation>
        </message>
        <message>
            <source>The step that is looked at</source>
            <translation>所查看的步骤</translation>
        </message>
        <message>
            <source>The table that is shown</source>
            <translation>所显示的表格</translation>
        </message>
        <message>
            <source>at step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>seed {}</source>
            <translation>种子 {}</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>steps {} to {}</source>
            <translation>第 {} 至 {} 步</translation>
        </message>
        <message>
            <source>{} of {} examples</source>
            <translation>{} / {} 个样本</translation>
        </message>
    </context>
    <context>
        <name>Inspect</name>
        <message>
            <source>BALANCING</source>
            <translation>均衡</translation>
        </message>
        <message>
            <source>CURRICULUM</source>
            <translation>课程</translation>
        </message>
        <message>
            <source>Choose a method on the left to read its formula, its paper and when it helps.</source>
            <translation>在左侧选择一种方法，即可查看其公式、论文和适用场景。</translation>
        </message>
        <message>
            <source>ENCODER</source>
            <translation>编码器</translation>
        </message>
        <message>
            <source>FORMULA</source>
            <translation>公式</translation>
        </message>
        <message>
            <source>IN THIS SETUP</source>
            <translation>在当前设置中</translation>
        </message>
        <message>
            <source>LEARNER</source>
            <translation>学习器</translation>
        </message>
        <message>
            <source>NEEDS</source>
            <translation>要求</translation>
        </message>
        <message>
            <source>Nothing chosen yet</source>
            <translation>尚未选择</translation>
        </message>
        <message>
            <source>PAPER</source>
            <translation>论文</translation>
        </message>
        <message>
            <source>Paper: {}</source>
            <translation>论文：{}</translation>
        </message>
        <message>
            <source>RETENTION</source>
            <translation>记忆保持</translation>
        </message>
        <message>
            <source>SETTINGS</source>
            <translation>设置项</translation>
        </message>
        <message>
            <source>SHARING</source>
            <translation>参数共享</translation>
        </message>
        <message>
            <source>TASK FAMILY</source>
            <translation>任务族</translation>
        </message>
        <message>
            <source>TASK-FREE</source>
            <translation>无需任务边界</translation>
        </message>
        <message>
            <source>WHEN IT HELPS</source>
            <translation>适用场景</translation>
        </message>
        <message>
            <source>Works where nobody says where a stage ends</source>
            <translation>在没有人告知阶段何时结束的情况下也能工作</translation>
        </message>
    </context>
    <context>
        <name>Interference</name>
        <message>
            <source>&amp;Interference</source>
            <translation>干扰(&amp;I)</translation>
        </message>
        <message>
            <source>A step on {} alone lowers the loss of {} by {}</source>
            <translation>仅对 {} 更新一步，{} 的损失降低 {}</translation>
        </message>
        <message>
            <source>Affinity</source>
            <translation>亲和度</translation>
        </message>
        <message>
            <source>All layers</source>
            <translation>所有层</translation>
        </message>
        <message>
            <source>At a step</source>
            <translation>某一步</translation>
        </message>
        <message>
            <source>At step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>Chosen layers</source>
            <translation>所选的层</translation>
        </message>
        <message>
            <source>Cosine</source>
            <translation>余弦</translation>
        </message>
        <message>
            <source>Gradients</source>
            <translation>梯度</translation>
        </message>
        <message>
            <source>How each two tasks interfere</source>
            <translation>任务两两之间的干扰</translation>
        </message>
        <message>
            <source>Layer {}</source>
            <translation>层 {}</translation>
        </message>
        <message>
            <source>Mean of the run</source>
            <translation>整个运行的平均</translation>
        </message>
        <message>
            <source>Measure transfer</source>
            <translation>测量迁移</translation>
        </message>
        <message>
            <source>Not probed: turn on Affinity in Training</source>
            <translation>未探测：请在“训练”中打开亲和度</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>当前</translation>
        </message>
        <message>
            <source>Run each task alone and each two together, with the same seeds, and compare.</source>
            <translation>用相同的种子分别运行每个任务以及每两个任务，并加以比较。</translation>
        </message>
        <message>
            <source>Runs that are there are used again.</source>
            <translation>已有的运行会被重用。</translation>
        </message>
        <message>
            <source>The parameters in which gradients are compared</source>
            <translation>比较梯度所用的参数</translation>
        </message>
        <message>
            <source>The time it is shown for</source>
            <translation>所显示的时刻</translation>
        </message>
        <message>
            <source>Transfer</source>
            <translation>迁移</translation>
        </message>
        <message>
            <source>What the matrix shows</source>
            <translation>矩阵显示的内容</translation>
        </message>
        <message>
            <source>agreement</source>
            <translation>一致</translation>
        </message>
        <message>
            <source>conflict</source>
            <translation>冲突</translation>
        </message>
        <message>
            <source>fights most</source>
            <translation>冲突最大</translation>
        </message>
        <message>
            <source>harms</source>
            <translation>有害</translation>
        </message>
        <message>
            <source>helps</source>
            <translation>有益</translation>
        </message>
        <message>
            <source>of {} probes</source>
            <translation>共 {} 次探测</translation>
        </message>
        <message>
            <source>steps {} to {}</source>
            <translation>第 {} 至 {} 步</translation>
        </message>
        <message>
            <source>{} × {}: cosine {}</source>
            <translation>{} × {}：余弦 {}</translation>
        </message>
    </context>
    <context>
        <name>Landscape</name>
        <message>
            <source>&amp;Landscape</source>
            <translation>地形(&amp;L)</translation>
        </message>
        <message>
            <source>Add earlier runs</source>
            <translation>添加较早的运行</translation>
        </message>
        <message>
            <source>Choose the tasks Two-task landscape, or the preset Two valleys.</source>
            <translation>请选择任务族“Two-task landscape”，或预设“Two valleys”。</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>清除</translation>
        </message>
        <message>
            <source>Draw the newest finished run of each landscape setup</source>
            <translation>画出每种地形设置最新完成的运行</translation>
        </message>
        <message>
            <source>First loss</source>
            <translation>第一个损失</translation>
        </message>
        <message>
            <source>Mean loss</source>
            <translation>平均损失</translation>
        </message>
        <message>
            <source>No landscape</source>
            <translation>没有损失地形</translation>
        </message>
        <message>
            <source>Pareto set</source>
            <translation>帕累托集</translation>
        </message>
        <message>
            <source>Second loss</source>
            <translation>第二个损失</translation>
        </message>
        <message>
            <source>Take the paths of earlier runs off the map</source>
            <translation>从图上去掉较早运行的路径</translation>
        </message>
        <message>
            <source>start</source>
            <translation>起点</translation>
        </message>
        <message>
            <source>{} is at {}, {}</source>
            <translation>{} 位于 {}，{}</translation>
        </message>
    </context>
    <context>
        <name>Language</name>
        <message>
            <source>en</source>
            <translation>zh_CN</translation>
        </message>
    </context>
    <context>
        <name>Log</name>
        <message>
            <source>Errors</source>
            <translation>错误</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>Least level shown</source>
            <translation>显示的最低级别</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>日志</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>显示</translation>
        </message>
        <message>
            <source>Warnings and errors</source>
            <translation>警告和错误</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>&amp;Edit</source>
            <translation>编辑(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>帮助(&amp;H)</translation>
        </message>
        <message>
            <source>&amp;Run</source>
            <translation>运行(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>视图(&amp;V)</translation>
        </message>
        <message>
            <source>Ban&amp;d around a mean</source>
            <translation>均值周围的带(&amp;D)</translation>
        </message>
        <message>
            <source>Inspect</source>
            <translation>说明</translation>
        </message>
        <message>
            <source>Lan&amp;guage</source>
            <translation>语言(&amp;G)</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>日志</translation>
        </message>
        <message>
            <source>Open &amp;recent</source>
            <translation>最近打开(&amp;R)</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>问题</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>运行记录</translation>
        </message>
        <message>
            <source>Seeds side &amp;by side</source>
            <translation>种子并行(&amp;B)</translation>
        </message>
        <message>
            <source>Setup</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Th&amp;eme</source>
            <translation>主题(&amp;E)</translation>
        </message>
    </context>
    <context>
        <name>MakeTasks</name>
        <message>
            <source>&amp;Keep the tasks that are chosen now</source>
            <translation>保留现在所选的任务(&amp;K)</translation>
        </message>
        <message>
            <source>&amp;Use these tasks</source>
            <translation>使用这些任务(&amp;U)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>How tasks are made</source>
            <translation>任务的制作方式</translation>
        </message>
        <message>
            <source>Looking at the data…</source>
            <translation>正在查看数据……</translation>
        </message>
        <message>
            <source>Make tasks from…</source>
            <translation>由…制作任务…</translation>
        </message>
        <message>
            <source>{} tasks, with {} examples to learn from</source>
            <translation>{} 个任务，共 {} 个训练样本</translation>
        </message>
    </context>
    <context>
        <name>Measures</name>
        <message>
            <source>Best test score before the newest stage minus the one after it</source>
            <translation>最新阶段之前的最佳测试得分减去其后的得分</translation>
        </message>
        <message>
            <source>Change since the task was learned: R[T, j] − R[j, j]</source>
            <translation>学会该任务以来的变化：R[T, j] − R[j, j]</translation>
        </message>
        <message>
            <source>FORGETTING</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>Final</source>
            <translation>最终</translation>
        </message>
        <message>
            <source>Forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>How much better later tasks stand just before they are learned than an
untrained model: R[j−1, j] − b[j]. Higher is better.
(Lopez-Paz &amp; Ranzato 2017)</source>
            <translation>后面的任务在即将学习之前比未训练的模型好多少：
R[j−1, j] − b[j]。越高越好。
(Lopez-Paz &amp; Ranzato 2017)</translation>
        </message>
        <message>
            <source>How much better than untrained just before it was learned: R[j−1, j] − b[j]</source>
            <translation>即将学习之前比未训练时好多少：R[j−1, j] − b[j]</translation>
        </message>
        <message>
            <source>Incremental</source>
            <translation>增量</translation>
        </message>
        <message>
            <source>Intransigence</source>
            <translation>顽固性</translation>
        </message>
        <message>
            <source>Learned</source>
            <translation>学会时</translation>
        </message>
        <message>
            <source>Learning</source>
            <translation>学习</translation>
        </message>
        <message>
            <source>Lowest test score since the task was learned</source>
            <translation>学会该任务以来的最低测试得分</translation>
        </message>
        <message>
            <source>Mean change of earlier tasks since they were learned: R[T, j] − R[j, j].
Below 0 is forgetting. Higher is better. (Lopez-Paz &amp; Ranzato 2017)</source>
            <translation>先前任务自学会以来的平均变化：R[T, j] − R[j, j]。
低于 0 即为遗忘。越高越好。(Lopez-Paz &amp; Ranzato 2017)</translation>
        </message>
        <message>
            <source>Mean over earlier tasks of the lowest score since each was learned,
looked at after each stage. Higher is better. (De Lange 2023)</source>
            <translation>先前各任务自学会以来的最低得分的均值，
在每个阶段后查看。越高越好。(De Lange 2023)</translation>
        </message>
        <message>
            <source>Mean over earlier tasks of their best score before the end minus their
score at the end: max over l &lt; T of R[l, j] − R[T, j].
Lower is better; it may be below 0. (Chaudhry 2018)</source>
            <translation>先前各任务结束前的最佳得分减去结束时的得分的均值：
l &lt; T 时 R[l, j] 的最大值 − R[T, j]。
越低越好；可以低于 0。(Chaudhry 2018)</translation>
        </message>
        <message>
            <source>Mean over stages of the mean score on the tasks seen so far.
Higher is better. (Rebuffi 2017)</source>
            <translation>各阶段在已见任务上的平均得分的均值。
越高越好。(Rebuffi 2017)</translation>
        </message>
        <message>
            <source>Mean over tasks of how much better joint training is than this run was just
after learning each. Lower is better; below 0 learning alone was better.
It needs the joint bound on the same seeds: all tasks at once, each for as many
updates on as many of its examples as in its stages. (Chaudhry 2018)</source>
            <translation>联合训练比本次运行刚学会每个任务时好多少，对任务取均值。
越低越好；低于 0 表示单独学习更好。
需要相同种子的联合上界：所有任务同时训练，每个任务的更新次数和样本数与其各阶段相同。(Chaudhry 2018)</translation>
        </message>
        <message>
            <source>Mean score of each task just after it was learned: mean of R[j, j].
How well new things are still learned. Higher is better. (Riemer 2019)</source>
            <translation>每个任务刚学会时得分的均值：R[j, j] 的均值。
仍能多好地学习新事物。越高越好。(Riemer 2019)</translation>
        </message>
        <message>
            <source>Mean test score over all tasks after the last stage.
ACC = mean over j of R[T, j]. Higher is better. (Lopez-Paz &amp; Ranzato 2017)</source>
            <translation>最后阶段之后所有任务的平均测试得分。
ACC = R[T, j] 对 j 的均值。越高越好。(Lopez-Paz &amp; Ranzato 2017)</translation>
        </message>
        <message>
            <source>Over examples</source>
            <translation>按样本</translation>
        </message>
        <message>
            <source>R[k, k]/k + (1 − 1/k) · min-ACC, of k tasks learned: what is certain of the
newest task, and at worst of those before. Higher is better. (De Lange 2023)</source>
            <translation>R[k, k]/k + (1 − 1/k) · min-ACC，k 为已学任务数：
最新任务的得分与先前任务的最坏得分。越高越好。(De Lange 2023)</translation>
        </message>
        <message>
            <source>Share of all tasks' test examples that are answered right after the last stage:
ACC weighs every task alike, this every example. Where all tasks answer with
one head. Higher is better.</source>
            <translation>最后一个阶段之后，所有任务的测试样本中回答正确的比例：
ACC 对每个任务同等加权，这里对每个样本同等加权。仅当所有任务
共用一个输出头时给出。越高越好。</translation>
        </message>
        <message>
            <source>Test score after the newest stage: R[T, j]</source>
            <translation>最新阶段后的测试得分：R[T, j]</translation>
        </message>
        <message>
            <source>Test score just after the task was learned: R[j, j]</source>
            <translation>刚学会该任务时的测试得分：R[j, j]</translation>
        </message>
        <message>
            <source>Worst</source>
            <translation>最差</translation>
        </message>
        <message>
            <source>average incremental score</source>
            <translation>平均增量得分</translation>
        </message>
        <message>
            <source>backward transfer</source>
            <translation>后向迁移</translation>
        </message>
        <message>
            <source>final accuracy over all examples</source>
            <translation>全部样本上的最终准确率</translation>
        </message>
        <message>
            <source>final score</source>
            <translation>最终得分</translation>
        </message>
        <message>
            <source>forward transfer</source>
            <translation>前向迁移</translation>
        </message>
        <message>
            <source>learning accuracy: plasticity</source>
            <translation>学习准确率：可塑性</translation>
        </message>
        <message>
            <source>lost since its best</source>
            <translation>自最佳以来的损失</translation>
        </message>
        <message>
            <source>what joint training does better</source>
            <translation>联合训练好多少</translation>
        </message>
        <message>
            <source>worst score since learned</source>
            <translation>学会以来的最差得分</translation>
        </message>
        <message>
            <source>worst-case accuracy</source>
            <translation>最坏情况准确率</translation>
        </message>
    </context>
    <context>
        <name>MethodsButton</name>
        <message>
            <source>Run this setup with several balancing methods, one after the other</source>
            <translation>用多种平衡方法依次运行此设置</translation>
        </message>
        <message>
            <source>Run those that are ticked</source>
            <translation>运行勾选的方法</translation>
        </message>
        <message>
            <source>Run with each of…</source>
            <translation>分别用…运行</translation>
        </message>
    </context>
    <context>
        <name>MomentBar</name>
        <message>
            <source>Back through the stages, and what was seen in between</source>
            <translation>回看各阶段以及其间所见</translation>
        </message>
        <message>
            <source>Follow the run</source>
            <translation>跟随运行</translation>
        </message>
        <message>
            <source>Newest</source>
            <translation>最新</translation>
        </message>
        <message>
            <source>The moment of the run that is shown</source>
            <translation>显示运行的哪一时刻</translation>
        </message>
        <message>
            <source>To the next stage end</source>
            <translation>到下一个阶段结束</translation>
        </message>
        <message>
            <source>To the stage end before</source>
            <translation>到上一个阶段结束</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Not now</source>
            <translation>暂不</translation>
        </message>
    </context>
    <context>
        <name>PairFigures</name>
        <message>
            <source>1 − loss after / loss before. Above 0 it helps. (Fifty, NeurIPS 2021)</source>
            <translation>1 − 更新后损失 / 更新前损失。大于 0 表示有益。（Fifty，NeurIPS 2021）</translation>
        </message>
        <message>
            <source>Affinity → {}   ← {}</source>
            <translation>亲和度 → {}   ← {}</translation>
        </message>
        <message>
            <source>Cosine of the angle between the two tasks' gradients in the parameters</source>
            <translation>两个任务在共享参数上的梯度夹角的余弦。</translation>
        </message>
        <message>
            <source>Magnitude similarity 2‖gᵢ‖‖gⱼ‖ / (‖gᵢ‖² + ‖gⱼ‖²): 1 where both gradients are</source>
            <translation>幅值相似度 2‖gᵢ‖‖gⱼ‖ / (‖gᵢ‖² + ‖gⱼ‖²)：两个梯度一样长时为 1，</translation>
        </message>
        <message>
            <source>Share of all probes of the run in which the cosine was below 0.</source>
            <translation>整个运行中余弦小于 0 的探测所占比例。</translation>
        </message>
        <message>
            <source>The chosen pair</source>
            <translation>所选任务对</translation>
        </message>
        <message>
            <source>as long, near 0 where one drowns the other. (Yu, NeurIPS 2020)</source>
            <translation>一个淹没另一个时接近 0。（Yu，NeurIPS 2020）</translation>
        </message>
        <message>
            <source>conflict rate</source>
            <translation>冲突率</translation>
        </message>
        <message>
            <source>cosine</source>
            <translation>余弦</translation>
        </message>
        <message>
            <source>magnitude similarity</source>
            <translation>幅值相似度</translation>
        </message>
        <message>
            <source>they share. Below 0, a step for one raises the other's loss.</source>
            <translation>小于 0 时，对一个任务的更新会增大另一个任务的损失。</translation>
        </message>
        <message>
            <source>→ What a step on the first task alone does for the second, ← the other way:</source>
            <translation>→ 仅对第一个任务更新一步对第二个任务的影响，← 反之：</translation>
        </message>
    </context>
    <context>
        <name>PairHeatmap</name>
        <message>
            <source>{} and {}: not compared</source>
            <translation>{} 与 {}：未比较</translation>
        </message>
    </context>
    <context>
        <name>Palette</name>
        <message>
            <source>Command</source>
            <translation>命令</translation>
        </message>
        <message>
            <source>Commands</source>
            <translation>命令</translation>
        </message>
        <message>
            <source>Commands found</source>
            <translation>找到的命令</translation>
        </message>
        <message>
            <source>Nothing is called that</source>
            <translation>没有这个名称</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>快捷键</translation>
        </message>
        <message>
            <source>Type a command, a method or a preset</source>
            <translation>输入命令、方法或预设</translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message>
            <source>Alt+Left and Alt+Right: earlier and later; Delete: take it out</source>
            <translation>Alt+Left 和 Alt+Right：提前和推后；Delete：移出计划</translation>
        </message>
        <message>
            <source>Click to move it, or drag it to another place</source>
            <translation>点击以移动，或拖到别处</translation>
        </message>
        <message>
            <source>Drop a task here to learn it by itself at this place</source>
            <translation>把任务放到这里，就在此处单独学习它</translation>
        </message>
        <message>
            <source>Drop a task here to take it out of the plan</source>
            <translation>把任务放到这里，就把它移出计划</translation>
        </message>
        <message>
            <source>Learn it last</source>
            <translation>最后学习</translation>
        </message>
        <message>
            <source>Learn it next</source>
            <translation>接下来学习</translation>
        </message>
        <message>
            <source>Learn it now, alone</source>
            <translation>现在就单独学习</translation>
        </message>
        <message>
            <source>Learn it now, with the others</source>
            <translation>现在就和其他任务一起学习</translation>
        </message>
        <message>
            <source>Learned now</source>
            <translation>正在学习</translation>
        </message>
        <message>
            <source>Plan of what is learned</source>
            <translation>学习计划</translation>
        </message>
        <message>
            <source>Take it out</source>
            <translation>移出计划</translation>
        </message>
        <message>
            <source>Take {} out</source>
            <translation>移出 {}</translation>
        </message>
        <message>
            <source>Waits:</source>
            <translation>等待中：</translation>
        </message>
        <message>
            <source>{}, comes later</source>
            <translation>{}，稍后学习</translation>
        </message>
        <message>
            <source>{}, learned now</source>
            <translation>{}，正在学习</translation>
        </message>
        <message>
            <source>{}, waits</source>
            <translation>{}，等待中</translation>
        </message>
    </context>
    <context>
        <name>PlanPicture</name>
        <message>
            <source>The tasks that would be made</source>
            <translation>将要制作的任务</translation>
        </message>
        <message>
            <source>and {} more tasks</source>
            <translation>以及另外 {} 个任务</translation>
        </message>
        <message>
            <source>{} to learn from · {} to test</source>
            <translation>{} 个训练 · {} 个测试</translation>
        </message>
    </context>
    <context>
        <name>PlaneView</name>
        <message>
            <source>Boundary of {}</source>
            <translation>{} 的边界</translation>
        </message>
        <message>
            <source>{}, probability {}</source>
            <translation>{}，概率 {}</translation>
        </message>
        <message>
            <source>{}: {} % of the plane</source>
            <translation>{}：占平面的 {} %</translation>
        </message>
    </context>
    <context>
        <name>Plot</name>
        <message>
            <source>Shift and drag: zoom into a box</source>
            <translation>按住 Shift 拖动：框选放大</translation>
        </message>
        <message>
            <source>Show all (Esc)</source>
            <translation>显示全部（Esc）</translation>
        </message>
    </context>
    <context>
        <name>Previews</name>
        <message>
            <source>Download ({})</source>
            <translation>下载（{}）</translation>
        </message>
        <message>
            <source>Downloading: {}</source>
            <translation>正在下载：{}</translation>
        </message>
        <message>
            <source>Looking at the data…</source>
            <translation>正在查看数据…</translation>
        </message>
        <message>
            <source>Not downloaded: {}</source>
            <translation>未下载：{}</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>The download was stopped.</source>
            <translation>下载已停止。</translation>
        </message>
        <message>
            <source>There is nothing to show: {}</source>
            <translation>没有可显示的内容：{}</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>正在开始</translation>
        </message>
    </context>
    <context>
        <name>ProbeAdvice</name>
        <message>
            <source>Each stage learns one task, so there is nothing to compare it with. Choose the joint curriculum; or replay, and what is replayed is compared with what is learned.</source>
            <translation>每个阶段只学习一个任务，没有可比较的对象。请选择联合课程；或选择回放，将回放的内容与正在学习的内容比较。</translation>
        </message>
        <message>
            <source>Each task has its own network, so no gradients meet. Choose another sharing, such as hard.</source>
            <translation>每个任务有各自的网络，梯度不会相遇。请选择其他共享方式，例如硬参数共享。</translation>
        </message>
        <message>
            <source>It comes after {} steps of a stage.</source>
            <translation>它在一个阶段的第 {} 步之后进行。</translation>
        </message>
        <message>
            <source>Make Probe every in Training shorter than a stage, which has {} steps.</source>
            <translation>请将“训练”中的探测间隔设得比一个阶段（{} 步）更短。</translation>
        </message>
        <message>
            <source>No probe will be taken</source>
            <translation>不会进行探测</translation>
        </message>
        <message>
            <source>Nothing compared yet</source>
            <translation>尚未比较</translation>
        </message>
        <message>
            <source>Nothing is shared</source>
            <translation>没有共享参数</translation>
        </message>
        <message>
            <source>One task at a time</source>
            <translation>一次只学一个任务</translation>
        </message>
        <message>
            <source>One task cannot interfere with itself. Tick a second one in Setup.</source>
            <translation>单个任务不会干扰自身。请在“设置”中再勾选一个任务。</translation>
        </message>
        <message>
            <source>Only one task</source>
            <translation>只有一个任务</translation>
        </message>
        <message>
            <source>Press Run, or F5. Every few steps the gradients of the tasks are compared, and who fights whom shows here.</source>
            <translation>点击“运行”或按 F5。每隔若干步会比较各任务的梯度，谁与谁冲突将显示在此处。</translation>
        </message>
        <message>
            <source>Probes are off</source>
            <translation>探测已关闭</translation>
        </message>
        <message>
            <source>Set Probe every in Training to some steps, and run again. Probes change nothing.</source>
            <translation>请在“训练”中将探测间隔设为若干步，然后重新运行。探测不会改变结果。</translation>
        </message>
        <message>
            <source>Show the setting</source>
            <translation>转到该设置</translation>
        </message>
        <message>
            <source>The first probe is on its way</source>
            <translation>即将进行第一次探测</translation>
        </message>
        <message>
            <source>The run ended before its first probe</source>
            <translation>运行在第一次探测之前已结束</translation>
        </message>
    </context>
    <context>
        <name>ProbePlots</name>
        <message>
            <source>Conflict over time</source>
            <translation>冲突随时间的变化</translation>
        </message>
        <message>
            <source>Dark: the chosen pair, each probe and the mean of {} probes.</source>
            <translation>深色：所选任务对的每次探测和 {} 次探测的平均值。</translation>
        </message>
        <message>
            <source>Filled: the share of all pairs whose cosine is below 0, mean of {} probes.</source>
            <translation>填充：余弦小于 0 的任务对所占比例，{} 次探测的平均值。</translation>
        </message>
        <message>
            <source>Go back in time: show the gradients at an earlier probe</source>
            <translation>回到过去：显示先前某次探测的梯度</translation>
        </message>
        <message>
            <source>Gradient norm per task</source>
            <translation>各任务的梯度范数</translation>
        </message>
        <message>
            <source>Newest gradient norms: {}</source>
            <translation>最新梯度范数：{}</translation>
        </message>
        <message>
            <source>The probe that is looked at</source>
            <translation>正在查看的探测</translation>
        </message>
        <message>
            <source>Weight per task</source>
            <translation>各任务的权重</translation>
        </message>
        <message>
            <source>Weights at the newest step: {}</source>
            <translation>最新一步的权重：{}</translation>
        </message>
        <message>
            <source>affinity, %</source>
            <translation>亲和度，%</translation>
        </message>
        <message>
            <source>cosine</source>
            <translation>余弦</translation>
        </message>
        <message>
            <source>gradient norm</source>
            <translation>梯度范数</translation>
        </message>
        <message>
            <source>pairs in conflict</source>
            <translation>冲突任务对</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>weight</source>
            <translation>权重</translation>
        </message>
        <message>
            <source>{} probes. Newest cosine of {} and {}: {}. Pairs in conflict: {}</source>
            <translation>{} 次探测。{} 与 {} 的最新余弦：{}。冲突任务对：{}</translation>
        </message>
    </context>
    <context>
        <name>Problems</name>
        <message>
            <source>Dismiss</source>
            <translation>忽略</translation>
        </message>
        <message>
            <source>Go there</source>
            <translation>前往</translation>
        </message>
        <message>
            <source>No problems</source>
            <translation>没有问题</translation>
        </message>
        <message>
            <source>This setup is ready to run.</source>
            <translation>当前设置可以运行。</translation>
        </message>
    </context>
    <context>
        <name>Publish</name>
        <message>
            <source>&amp;Copy</source>
            <translation>复制(&amp;C)</translation>
        </message>
        <message>
            <source>As a picture and as SVG, for whatever takes it</source>
            <translation>同时以图片和 SVG 复制</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Colours</source>
            <translation>配色</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
        <message>
            <source>Height</source>
            <translation>高度</translation>
        </message>
        <message>
            <source>Letters</source>
            <translation>字号</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Lines</source>
            <translation>线宽</translation>
        </message>
        <message>
            <source>Nothing is drawn in front: show a tab with a plot first</source>
            <translation>当前没有图：请先打开一个有图的标签页</translation>
        </message>
        <message>
            <source>Open the &amp;folder</source>
            <translation>打开文件夹(&amp;F)</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>分辨率</translation>
        </message>
        <message>
            <source>Publish</source>
            <translation>发表</translation>
        </message>
        <message>
            <source>Save as {}…</source>
            <translation>另存为 {}…</translation>
        </message>
        <message>
            <source>Save the figure</source>
            <translation>保存插图</translation>
        </message>
        <message>
            <source>Saved: {}</source>
            <translation>已保存：{}</translation>
        </message>
        <message>
            <source>Saved: {}, and {} with its numbers</source>
            <translation>已保存：{}，以及 {} 个数据文件</translation>
        </message>
        <message>
            <source>The numbers beside it, as CSV</source>
            <translation>同时保存 CSV 数据</translation>
        </message>
        <message>
            <source>The page</source>
            <translation>页面预览</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>宽度</translation>
        </message>
        <message>
            <source>as the plots ask for</source>
            <translation>随图自动</translation>
        </message>
        <message>
            <source>{} was not saved: {}</source>
            <translation>{} 未能保存：{}</translation>
        </message>
        <message>
            <source>{} × {} cm</source>
            <translation>{} × {} 厘米</translation>
        </message>
    </context>
    <context>
        <name>RankDiagram</name>
        <message>
            <source>Mean ranks over {n} tasks, 1 is best; Friedman: p {p}. Methods that a bar joins are not told apart (Nemenyi, 0.05). Tasks count as independent of each other.</source>
            <translation>{n} 个任务上的平均名次，1 为最好；Friedman：p {p}。由横条相连的方法之间分不出高下（Nemenyi，0.05）。任务视为相互独立。</translation>
        </message>
        <message>
            <source>Ranks need three methods or more on two tasks or more.</source>
            <translation>名次需要至少三个方法和至少两个任务。</translation>
        </message>
        <message>
            <source>Ranks over the tasks</source>
            <translation>任务上的名次</translation>
        </message>
        <message>
            <source>critical difference {}</source>
            <translation>临界差 {}</translation>
        </message>
    </context>
    <context>
        <name>Reports</name>
        <message>
            <source>Answers</source>
            <translation>答案</translation>
        </message>
        <message>
            <source>Balancing</source>
            <translation>平衡</translation>
        </message>
        <message>
            <source>Curriculum</source>
            <translation>课程</translation>
        </message>
        <message>
            <source>Encoder</source>
            <translation>编码器</translation>
        </message>
        <message>
            <source>Examples and bytes</source>
            <translation>样本与字节</translation>
        </message>
        <message>
            <source>Examples kept of each task and class, their size in memory, and how many stages ago they came, on average.</source>
            <translation>每个任务和类别保留的样本、它们占用的内存，以及平均来自多少个阶段之前。</translation>
        </message>
        <message>
            <source>How much the method holds on to the weights of each layer: the mean and the largest importance of a weight, and the layer's share of all importance.</source>
            <translation>方法对每层权重的保护程度：权重重要性的均值和最大值，以及该层占全部重要性的份额。</translation>
        </message>
        <message>
            <source>Importance per layer</source>
            <translation>每层的重要性</translation>
        </message>
        <message>
            <source>Learner</source>
            <translation>学习器</translation>
        </message>
        <message>
            <source>Likeness to past stages</source>
            <translation>与过去阶段的相似度</translation>
        </message>
        <message>
            <source>Linear CKA of each layer's features now with those at the end of each past stage, on the same examples: 1 is unchanged, 0 has nothing in common. (Kornblith 2019)</source>
            <translation>每层当前特征与过去各阶段末特征的线性 CKA，使用相同样本：1 表示未变，0 表示毫无共同之处。(Kornblith 2019)</translation>
        </message>
        <message>
            <source>Prequential accuracy</source>
            <translation>先测后训准确率</translation>
        </message>
        <message>
            <source>Representation</source>
            <translation>表示</translation>
        </message>
        <message>
            <source>Retention</source>
            <translation>保持</translation>
        </message>
        <message>
            <source>Rows are the right classes of validation examples, columns what they were taken for: shares of each row</source>
            <translation>行为验证样本的正确类别，列为被判成的类别：每行的占比</translation>
        </message>
        <message>
            <source>Stream</source>
            <translation>数据流</translation>
        </message>
        <message>
            <source>The accuracy on each example at its first sight, just before it is learned from; earlier examples count ever less. (Gama 2013)</source>
            <translation>每个样本第一次出现、尚未用于学习时的准确率；越早的样本权重越小。(Gama 2013)</translation>
        </message>
        <message>
            <source>The accuracy on examples that come again, and were learned from before: how well they are known by heart, not how well new ones are answered.</source>
            <translation>再次出现、此前已学习过的样本上的准确率：反映的是记得多牢，而不是对新样本答得多好。</translation>
        </message>
        <message>
            <source>The share of each layer's units that the mask of a task leaves open.</source>
            <translation>任务掩码在每层保留开放的单元份额。</translation>
        </message>
        <message>
            <source>The share of each layer's weights that each stage owns and freezes.</source>
            <translation>每个阶段在每层拥有并冻结的权重份额。</translation>
        </message>
        <message>
            <source>Training accuracy</source>
            <translation>训练准确率</translation>
        </message>
        <message>
            <source>Units open to each task</source>
            <translation>对每个任务开放的单元</translation>
        </message>
        <message>
            <source>Validation examples by how sure their answers are: answers are calibrated where the accuracy is the confidence</source>
            <translation>按答案的置信度划分的验证样本：准确率等于置信度处即为校准</translation>
        </message>
        <message>
            <source>Validation examples by what is predicted (rows) and what is true (columns): their number; right ones lie on the diagonal</source>
            <translation>按预测值（行）与真实值（列）划分的验证样本数；正确者位于对角线上</translation>
        </message>
        <message>
            <source>Weights owned by each stage</source>
            <translation>每个阶段拥有的权重</translation>
        </message>
        <message>
            <source>What is kept of the past beside the model, and the most that it will come to: examples with what is noted of them, importances, copies of the network.</source>
            <translation>除模型本身外为过去保留的内容，以及它最多会达到的量：样本及其相关记录、重要性、网络的副本。</translation>
        </message>
        <message>
            <source>What the memory holds</source>
            <translation>记忆的内容</translation>
        </message>
        <message>
            <source>age</source>
            <translation>年龄（阶段）</translation>
        </message>
        <message>
            <source>at most</source>
            <translation>上限</translation>
        </message>
        <message>
            <source>examples</source>
            <translation>样本</translation>
        </message>
        <message>
            <source>free</source>
            <translation>空闲</translation>
        </message>
        <message>
            <source>head of {}</source>
            <translation>{} 的头</translation>
        </message>
        <message>
            <source>largest</source>
            <translation>最大</translation>
        </message>
        <message>
            <source>mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>now</source>
            <translation>当前</translation>
        </message>
        <message>
            <source>share</source>
            <translation>份额</translation>
        </message>
        <message>
            <source>size</source>
            <translation>大小</translation>
        </message>
    </context>
    <context>
        <name>RunFilter</name>
        <message>
            <source>a quote is not closed</source>
            <translation>引号没有闭合</translation>
        </message>
        <message>
            <source>no run has a field {}</source>
            <translation>没有运行含有字段 {}</translation>
        </message>
        <message>
            <source>no run has a field {}; did you mean {}?</source>
            <translation>没有运行含有字段 {}；是否指 {}？</translation>
        </message>
        <message>
            <source>{} compares with one number, not with several</source>
            <translation>{} 只能与一个数比较，不能与多个数比较</translation>
        </message>
        <message>
            <source>{} is a number; found nothing</source>
            <translation>{} 是数字；没有找到值</translation>
        </message>
        <message>
            <source>{} is a number; found {}</source>
            <translation>{} 是数字；找到的是 {}</translation>
        </message>
        <message>
            <source>{} is a text: {}:{}</source>
            <translation>{} 是文本：{}:{}</translation>
        </message>
        <message>
            <source>{} is yes or no: {}:yes</source>
            <translation>{} 只能是 yes 或 no：{}:yes</translation>
        </message>
        <message>
            <source>{} lacks a value</source>
            <translation>{} 缺少值</translation>
        </message>
    </context>
    <context>
        <name>RunHistory</name>
        <message>
            <source> (and {} more)</source>
            <translation>（另有 {} 条）</translation>
        </message>
    </context>
    <context>
        <name>Runs</name>
        <message>
            <source>1 run</source>
            <translation>1 个运行</translation>
        </message>
        <message>
            <source>Any setting</source>
            <translation>任意设置</translation>
        </message>
        <message>
            <source>Choose the columns</source>
            <translation>选择列</translation>
        </message>
        <message>
            <source>Close all eyes</source>
            <translation>关闭所有眼睛</translation>
        </message>
        <message>
            <source>Close all groups</source>
            <translation>折叠所有分组</translation>
        </message>
        <message>
            <source>Colour {}</source>
            <translation>颜色 {}</translation>
        </message>
        <message>
            <source>Columns</source>
            <translation>列</translation>
        </message>
        <message>
            <source>Columns as at first</source>
            <translation>恢复默认列</translation>
        </message>
        <message>
            <source>Compare these {} runs</source>
            <translation>比较这 {} 个运行</translation>
        </message>
        <message>
            <source>Damaged: {}</source>
            <translation>已损坏：{}</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
        <message>
            <source>Draw it in this colour</source>
            <translation>用此颜色绘制</translation>
        </message>
        <message>
            <source>Draw over the plots, or not</source>
            <translation>在图上叠加或取消</translation>
        </message>
        <message>
            <source>Duplicate with…</source>
            <translation>以其他方法复制…</translation>
        </message>
        <message>
            <source>Empty the filter</source>
            <translation>清空筛选</translation>
        </message>
        <message>
            <source>Escape in the filter shows all.</source>
            <translation>在筛选框中按 Esc 显示全部。</translation>
        </message>
        <message>
            <source>Every run you make is kept and listed here.</source>
            <translation>每次运行都会保存并列在此处。</translation>
        </message>
        <message>
            <source>Experiment: its seeds together</source>
            <translation>实验：合并其各个种子</translation>
        </message>
        <message>
            <source>Eye: the run is drawn over the plots in its colour (Space)</source>
            <translation>眼睛：以该运行的颜色将其叠加到图上（空格键）</translation>
        </message>
        <message>
            <source>Filter of the runs</source>
            <translation>运行筛选</translation>
        </message>
        <message>
            <source>Filter: acc&gt;0.8 retention:ewc tag:paper words</source>
            <translation>筛选：acc&gt;0.8 retention:ewc tag:paper 关键词</translation>
        </message>
        <message>
            <source>Forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>Go on from here…</source>
            <translation>从这里继续…</translation>
        </message>
        <message>
            <source>Group the runs</source>
            <translation>对运行分组</translation>
        </message>
        <message>
            <source>Group: {}</source>
            <translation>分组：{}</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>编号</translation>
        </message>
        <message>
            <source>Load its setup</source>
            <translation>载入其设置</translation>
        </message>
        <message>
            <source>Mean of {} runs that are done</source>
            <translation>{} 个已完成运行的均值</translation>
        </message>
        <message>
            <source>Mean validation score of all tasks over the run</source>
            <translation>运行期间所有任务的平均验证得分</translation>
        </message>
        <message>
            <source>Measures</source>
            <translation>指标</translation>
        </message>
        <message>
            <source>Name of these {} runs; empty: that of their preset</source>
            <translation>这 {} 个运行的名称；留空则用预设的名称</translation>
        </message>
        <message>
            <source>Name of this run; empty: that of its preset</source>
            <translation>该运行的名称；留空则用预设的名称</translation>
        </message>
        <message>
            <source>No baseline any more</source>
            <translation>不再作为基线</translation>
        </message>
        <message>
            <source>No run is meant by that</source>
            <translation>没有符合条件的运行</translation>
        </message>
        <message>
            <source>No runs yet</source>
            <translation>还没有运行记录</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>备注</translation>
        </message>
        <message>
            <source>Note…</source>
            <translation>备注…</translation>
        </message>
        <message>
            <source>Nothing: a line a run</source>
            <translation>不分组：每个运行一行</translation>
        </message>
        <message>
            <source>Open all groups</source>
            <translation>展开所有分组</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>打开文件夹</translation>
        </message>
        <message>
            <source>Pin as baseline</source>
            <translation>固定为基线</translation>
        </message>
        <message>
            <source>Remove star</source>
            <translation>取消星标</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Rename…</source>
            <translation>重命名…</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Resume its {} runs</source>
            <translation>继续它的 {} 次运行</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>Run again exactly</source>
            <translation>完全重新运行</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>运行记录</translation>
        </message>
        <message>
            <source>Scores</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>Scores of tasks</source>
            <translation>各任务的得分</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>种子</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Show its curves</source>
            <translation>显示其曲线</translation>
        </message>
        <message>
            <source>Show the settings in which these runs differ</source>
            <translation>显示这些运行中不同的设置</translation>
        </message>
        <message>
            <source>Star</source>
            <translation>加星标</translation>
        </message>
        <message>
            <source>Started</source>
            <translation>开始时间</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>状态</translation>
        </message>
        <message>
            <source>Steps</source>
            <translation>步数</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>Tags, parted by commas</source>
            <translation>标签，用逗号分隔</translation>
        </message>
        <message>
            <source>Tags…</source>
            <translation>标签…</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>用时</translation>
        </message>
        <message>
            <source>Trash, groups and eyes</source>
            <translation>回收站、分组与眼睛</translation>
        </message>
        <message>
            <source>Trash…</source>
            <translation>回收站…</translation>
        </message>
        <message>
            <source>Undo the last deletion</source>
            <translation>撤销上次删除</translation>
        </message>
        <message>
            <source>Use its trunk…</source>
            <translation>使用它的主干…</translation>
        </message>
        <message>
            <source>What differs</source>
            <translation>有何不同</translation>
        </message>
        <message>
            <source>What is to be remembered</source>
            <translation>需要记住的内容</translation>
        </message>
        <message>
            <source>What was reached on {}, by the task's own metric, on test data</source>
            <translation>在 {} 上测试数据达到的得分（按该任务自己的指标）</translation>
        </message>
        <message>
            <source>Words are searched in name, note, tags and methods.
retention:ewc,si  one of several; * stands for anything
acc&gt;0.8  forgetting&lt;=0.1  optimizer.lr&lt;0.01  score.TASK&gt;0.9
tag:paper  status:done  starred:yes  pinned:yes  started&gt;=2026-11
-status:failed  not so. All that is said must hold. (Ctrl+F)</source>
            <translation>关键词在名称、备注、标签和方法中查找。
retention:ewc,si  其中之一；* 代表任意内容
acc&gt;0.8  forgetting&lt;=0.1  optimizer.lr&lt;0.01  score.任务&gt;0.9
tag:paper  status:done  starred:yes  pinned:yes  started&gt;=2026-11
-status:failed  表示否定。所有条件须同时满足。（Ctrl+F）</translation>
        </message>
        <message>
            <source>and learn it on</source>
            <translation>并继续学习它</translation>
        </message>
        <message>
            <source>damaged</source>
            <translation>已损坏</translation>
        </message>
        <message>
            <source>diverged</source>
            <translation>发散</translation>
        </message>
        <message>
            <source>done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>drawn over the plots</source>
            <translation>已叠加到图上</translation>
        </message>
        <message>
            <source>experiment</source>
            <translation>实验</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>失败</translation>
        </message>
        <message>
            <source>frozen</source>
            <translation>冻结</translation>
        </message>
        <message>
            <source>frozen but for its last stage</source>
            <translation>除最后一段外均冻结</translation>
        </message>
        <message>
            <source>interrupted</source>
            <translation>中断</translation>
        </message>
        <message>
            <source>no</source>
            <translation>否</translation>
        </message>
        <message>
            <source>no tag</source>
            <translation>无标签</translation>
        </message>
        <message>
            <source>not drawn</source>
            <translation>未叠加</translation>
        </message>
        <message>
            <source>not starred</source>
            <translation>未加星标</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>无</translation>
        </message>
        <message>
            <source>running</source>
            <translation>运行中</translation>
        </message>
        <message>
            <source>starred</source>
            <translation>已加星标</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>tag</source>
            <translation>标签</translation>
        </message>
        <message>
            <source>without {}</source>
            <translation>没有 {}</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>是</translation>
        </message>
        <message>
            <source>{} of {} done</source>
            <translation>{} / {} 完成</translation>
        </message>
        <message>
            <source>{} of {} runs</source>
            <translation>{} / {} 个运行</translation>
        </message>
        <message>
            <source>{} runs</source>
            <translation>{} 个运行</translation>
        </message>
        <message>
            <source>{} · seed {}</source>
            <translation>{} · 种子 {}</translation>
        </message>
        <message>
            <source>{}, standard deviation {}</source>
            <translation>{}，标准差 {}</translation>
        </message>
    </context>
    <context>
        <name>RunsController</name>
        <message>
            <source>A run goes on: stop it to look at an earlier one</source>
            <translation>正在运行：请先停止，再查看之前的运行</translation>
        </message>
        <message>
            <source>A run is in the trash.</source>
            <translation>一个运行已移入回收站。</translation>
        </message>
        <message>
            <source>At most {} runs are drawn over each other: close another eye first</source>
            <translation>最多同时叠加 {} 个运行：请先关闭另一个眼睛</translation>
        </message>
        <message>
            <source>Resume it</source>
            <translation>继续运行</translation>
        </message>
        <message>
            <source>Show its curves</source>
            <translation>显示其曲线</translation>
        </message>
        <message>
            <source>Showing {} · seed {}</source>
            <translation>正在显示 {} · 种子 {}</translation>
        </message>
        <message>
            <source>Trash…</source>
            <translation>回收站…</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>{} is damaged: {}. Shown is what can be read of it</source>
            <translation>{} 已损坏：{}。显示的是尚能读出的部分</translation>
        </message>
        <message>
            <source>{} runs are in the trash.</source>
            <translation>{} 个运行已移入回收站。</translation>
        </message>
        <message>
            <source>“{}” (seed {}) was interrupted at step {}.</source>
            <translation>“{}”（种子 {}）在第 {} 步中断。</translation>
        </message>
    </context>
    <context>
        <name>SampleViews</name>
        <message>
            <source>A surface</source>
            <translation>曲面</translation>
        </message>
        <message>
            <source>Rows of the data</source>
            <translation>数据的行</translation>
        </message>
        <message>
            <source>Texts of the data</source>
            <translation>数据中的文本</translation>
        </message>
        <message>
            <source>answer</source>
            <translation>答案</translation>
        </message>
        <message>
            <source>from {} (pale) to {} (deep)</source>
            <translation>从 {}（浅）到 {}（深）</translation>
        </message>
        <message>
            <source>{} examples</source>
            <translation>{} 个样本</translation>
        </message>
        <message>
            <source>{} pictures</source>
            <translation>{} 张图片</translation>
        </message>
        <message>
            <source>{} points</source>
            <translation>{} 个点</translation>
        </message>
    </context>
    <context>
        <name>Samples</name>
        <message>
            <source>EXAMPLES</source>
            <translation>样本</translation>
        </message>
        <message>
            <source>The task whose examples are shown</source>
            <translation>显示其样本的任务</translation>
        </message>
        <message>
            <source>{} train · {} validation · {} test</source>
            <translation>{} 训练 · {} 验证 · {} 测试</translation>
        </message>
    </context>
    <context>
        <name>ScoreTable</name>
        <message>
            <source>At step</source>
            <translation>所在步</translation>
        </message>
        <message>
            <source>Best</source>
            <translation>最佳</translation>
        </message>
        <message>
            <source>Best validation score so far; nothing is chosen by it</source>
            <translation>目前最佳的验证得分；不用于任何选择</translation>
        </message>
        <message>
            <source>Last</source>
            <translation>最新</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>Losses and scores in numbers</source>
            <translation>损失和得分的数值</translation>
        </message>
        <message>
            <source>Mean</source>
            <translation>平均</translation>
        </message>
        <message>
            <source>Mean of all validation scores</source>
            <translation>所有验证得分的平均值</translation>
        </message>
        <message>
            <source>Mean of the newest training losses, as many as the smoothing takes</source>
            <translation>最近若干步训练损失的平均，步数与平滑相同</translation>
        </message>
        <message>
            <source>Newest validation score</source>
            <translation>最新验证得分</translation>
        </message>
        <message>
            <source>Task</source>
            <translation>任务</translation>
        </message>
        <message>
            <source>The step of the best validation score</source>
            <translation>取得最佳验证得分的步</translation>
        </message>
    </context>
    <context>
        <name>ScoreTimeline</name>
        <message>
            <source>Forgetting over time</source>
            <translation>随时间的遗忘</translation>
        </message>
        <message>
            <source>Mean forgetting at step {}: {}</source>
            <translation>第 {} 步的平均遗忘：{}</translation>
        </message>
        <message>
            <source>Score over time</source>
            <translation>随时间的得分</translation>
        </message>
        <message>
            <source>Validation scores. Below: best score so far minus the present one, of the tasks
that are not being learned. Dashed: mean final test scores of the bounds.</source>
            <translation>验证得分。下方：未在学习的任务迄今最佳得分减去当前得分。
虚线：上下界的平均最终测试得分。</translation>
        </message>
        <message>
            <source>fine-tuning {}</source>
            <translation>微调 {}</translation>
        </message>
        <message>
            <source>forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>joint {}</source>
            <translation>联合 {}</translation>
        </message>
        <message>
            <source>mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>score</source>
            <translation>得分</translation>
        </message>
        <message>
            <source>step</source>
            <translation>步</translation>
        </message>
        <message>
            <source>{}: {} during {}</source>
            <translation>{}：{}（{} 期间）</translation>
        </message>
    </context>
    <context>
        <name>Search</name>
        <message>
            <source>Clear</source>
            <translation>清除</translation>
        </message>
    </context>
    <context>
        <name>Section</name>
        <message>
            <source>LIVE</source>
            <translation>实时</translation>
        </message>
        <message>
            <source>What you change here reaches the run at once</source>
            <translation>此处的更改会立即作用于正在进行的运行</translation>
        </message>
    </context>
    <context>
        <name>SeedBar</name>
        <message>
            <source>A single seed proves nothing: run this setup on the next {} seeds too</source>
            <translation>单个种子说明不了什么：再用接下来的 {} 个种子运行此设置</translation>
        </message>
        <message>
            <source>Add {} seeds</source>
            <translation>增加 {} 个种子</translation>
        </message>
        <message>
            <source>All {} seeds</source>
            <translation>全部 {} 个种子</translation>
        </message>
        <message>
            <source>One seed: it shows no spread</source>
            <translation>只有一个种子：看不出离散程度</translation>
        </message>
        <message>
            <source>Run trains one seed, which shows no spread</source>
            <translation>“运行”将训练一个种子，看不出离散程度</translation>
        </message>
        <message>
            <source>Run trains {} seeds and shows their mean, band: {}</source>
            <translation>“运行”将训练 {} 个种子并显示其均值，带：{}</translation>
        </message>
        <message>
            <source>Seed that is shown</source>
            <translation>显示的种子</translation>
        </message>
        <message>
            <source>Seed {}</source>
            <translation>种子 {}</translation>
        </message>
        <message>
            <source>Show the mean of all seeds, or one seed alone</source>
            <translation>显示所有种子的均值，或单独一个种子</translation>
        </message>
        <message>
            <source>one of {} seeds</source>
            <translation>{} 个种子之一</translation>
        </message>
    </context>
    <context>
        <name>SeedsController</name>
        <message>
            <source>As many as there is room for</source>
            <translation>尽可能多</translation>
        </message>
        <message>
            <source>{} at once</source>
            <translation>同时 {} 个</translation>
        </message>
    </context>
    <context>
        <name>Setup</name>
        <message>
            <source>Balancing</source>
            <translation>均衡</translation>
        </message>
        <message>
            <source>Curriculum</source>
            <translation>课程</translation>
        </message>
        <message>
            <source>Encoder</source>
            <translation>编码器</translation>
        </message>
        <message>
            <source>Learner</source>
            <translation>学习器</translation>
        </message>
        <message>
            <source>Name of the preset</source>
            <translation>预设名称</translation>
        </message>
        <message>
            <source>Retention</source>
            <translation>记忆保持</translation>
        </message>
        <message>
            <source>Sharing</source>
            <translation>参数共享</translation>
        </message>
        <message>
            <source>Sweep this setting…</source>
            <translation>扫描此设置…</translation>
        </message>
        <message>
            <source>a setup needs a name</source>
            <translation>设置需要一个名称</translation>
        </message>
        <message>
            <source>how losses or gradients combine</source>
            <translation>如何组合损失或梯度</translation>
        </message>
        <message>
            <source>how one update is made</source>
            <translation>如何进行一次更新</translation>
        </message>
        <message>
            <source>how the past is protected</source>
            <translation>如何保护已学内容</translation>
        </message>
        <message>
            <source>what turns an input into features</source>
            <translation>如何将输入转为特征</translation>
        </message>
        <message>
            <source>when each task is seen</source>
            <translation>何时学习各任务</translation>
        </message>
        <message>
            <source>which parameters the tasks share</source>
            <translation>任务共享哪些参数</translation>
        </message>
    </context>
    <context>
        <name>Sharing</name>
        <message>
            <source>&amp;Sharing</source>
            <translation>共享(&amp;S)</translation>
        </message>
        <message>
            <source>As set up</source>
            <translation>按设置</translation>
        </message>
        <message>
            <source>Choose tasks and a sharing strategy in Setup: the model is drawn here.</source>
            <translation>在“设置”中选择任务和共享策略：模型会画在这里。</translation>
        </message>
        <message>
            <source>No model yet</source>
            <translation>还没有模型</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>现在</translation>
        </message>
        <message>
            <source>Show the newest, and follow the run</source>
            <translation>显示最新并跟随运行</translation>
        </message>
        <message>
            <source>Step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>The setup</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>The step that is shown</source>
            <translation>所显示的步骤</translation>
        </message>
        <message>
            <source>This run</source>
            <translation>本次运行</translation>
        </message>
        <message>
            <source>Which model is drawn</source>
            <translation>画哪个模型</translation>
        </message>
    </context>
    <context>
        <name>Shutdown</name>
        <message>
            <source>A run goes on</source>
            <translation>正在运行</translation>
        </message>
        <message>
            <source>A run goes on. Stop it and close?</source>
            <translation>正在运行。要停止并关闭吗？</translation>
        </message>
        <message>
            <source>Keep running</source>
            <translation>继续运行</translation>
        </message>
        <message>
            <source>Stop and close</source>
            <translation>停止并关闭</translation>
        </message>
        <message>
            <source>What it learned so far is kept; it can be resumed.</source>
            <translation>已学到的内容会保留，之后可以继续运行。</translation>
        </message>
    </context>
    <context>
        <name>Sources</name>
        <message>
            <source>Add a source</source>
            <translation>添加来源</translation>
        </message>
        <message>
            <source>All its tasks</source>
            <translation>它的全部任务</translation>
        </message>
        <message>
            <source>Leave this source out</source>
            <translation>去掉这个来源</translation>
        </message>
        <message>
            <source>Made from</source>
            <translation>由此制作</translation>
        </message>
        <message>
            <source>The family that tasks are made of</source>
            <translation>制作任务所用的任务族</translation>
        </message>
        <message>
            <source>Which of its tasks</source>
            <translation>其中哪个任务</translation>
        </message>
    </context>
    <context>
        <name>Spread</name>
        <message>
            <source>1 seed</source>
            <translation>1 个种子</translation>
        </message>
        <message>
            <source>95 % interval</source>
            <translation>95 % 置信区间</translation>
        </message>
        <message>
            <source>Mean of {} seeds ± {}</source>
            <translation>{} 个种子的均值 ± {}</translation>
        </message>
        <message>
            <source>Mean of {} seeds, band: {}</source>
            <translation>{} 个种子的均值，带：{}</translation>
        </message>
        <message>
            <source>Mean of {} seeds, with the lowest and the highest</source>
            <translation>{} 个种子的均值，附最低值与最高值</translation>
        </message>
        <message>
            <source>lowest to highest</source>
            <translation>最低到最高</translation>
        </message>
        <message>
            <source>seed {} of {}</source>
            <translation>种子 {}（共有 {}）</translation>
        </message>
        <message>
            <source>standard deviation</source>
            <translation>标准差</translation>
        </message>
        <message>
            <source>what has no mean: seed {}</source>
            <translation>没有均值的内容：种子 {}</translation>
        </message>
        <message>
            <source>{} of {} seeds</source>
            <translation>{}/{} 个种子</translation>
        </message>
        <message>
            <source>{} seeds</source>
            <translation>{} 个种子</translation>
        </message>
    </context>
    <context>
        <name>StabilityPlasticityPlot</name>
        <message>
            <source>Plasticity against stability</source>
            <translation>可塑性与稳定性</translation>
        </message>
        <message>
            <source>joint training</source>
            <translation>联合训练</translation>
        </message>
        <message>
            <source>plasticity (learning accuracy)</source>
            <translation>可塑性（学习准确率）</translation>
        </message>
        <message>
            <source>stability (1 − forgetting)</source>
            <translation>稳定性（1 − 遗忘）</translation>
        </message>
        <message>
            <source>stability (BWT)</source>
            <translation>稳定性（BWT）</translation>
        </message>
        <message>
            <source>{}
seeds {}
stability {}, plasticity {}</source>
            <translation>{}
种子 {}
稳定性 {}，可塑性 {}</translation>
        </message>
        <message>
            <source>{}: stability {}, plasticity {}</source>
            <translation>{}：稳定性 {}，可塑性 {}</translation>
        </message>
    </context>
    <context>
        <name>StageMatrix</name>
        <message>
            <source>Best score before the newest stage minus the score after it; a black tick is
the mean of fine-tuning, where that bound was run. Below 0: it got better.</source>
            <translation>最新阶段之前的最佳得分减去其后的得分；黑色刻度是
微调的均值（若已运行该下界）。低于 0：变好了。</translation>
        </message>
        <message>
            <source>Forgetting of each task</source>
            <translation>每个任务的遗忘</translation>
        </message>
        <message>
            <source>R[i, j]: the test score on task j after stage i; the stage that learned a
task has a frame in its colour</source>
            <translation>R[i, j]：阶段 i 之后任务 j 的测试得分；学习某任务的阶段
有该任务颜色的边框</translation>
        </message>
        <message>
            <source>Score after each stage</source>
            <translation>每个阶段后的得分</translation>
        </message>
        <message>
            <source>Test score after each stage</source>
            <translation>每个阶段后的测试得分</translation>
        </message>
        <message>
            <source>fine-tuning, mean</source>
            <translation>微调，均值</translation>
        </message>
        <message>
            <source>forgetting</source>
            <translation>遗忘</translation>
        </message>
        <message>
            <source>just learned: its part in learning accuracy</source>
            <translation>刚学完：计入学习准确率</translation>
        </message>
        <message>
            <source>{} against the untrained model, before it is learned: forward transfer</source>
            <translation>学习之前相对未训练模型 {}：前向迁移</translation>
        </message>
        <message>
            <source>{} below its best before: forgetting</source>
            <translation>比此前最好低 {}：遗忘</translation>
        </message>
        <message>
            <source>{} since it was learned: backward transfer</source>
            <translation>自学完以来 {}：后向迁移</translation>
        </message>
    </context>
    <context>
        <name>Status</name>
        <message>
            <source>Command line of this setup</source>
            <translation>当前设置的命令行</translation>
        </message>
        <message>
            <source>Copy the command line</source>
            <translation>复制命令行</translation>
        </message>
        <message>
            <source>Progress of the run</source>
            <translation>运行进度</translation>
        </message>
        <message>
            <source>Save the setup (Ctrl+S) to get its command line</source>
            <translation>保存设置（Ctrl+S）即可获得其命令行</translation>
        </message>
        <message>
            <source>State of the run</source>
            <translation>运行状态</translation>
        </message>
    </context>
    <context>
        <name>Sweep</name>
        <message>
            <source>Along</source>
            <translation>沿</translation>
        </message>
        <message>
            <source>Below: ▲ pruned, × diverged or failed</source>
            <translation>下方：▲ 已剪枝，× 发散或失败</translation>
        </message>
        <message>
            <source>Best so far</source>
            <translation>目前最佳</translation>
        </message>
        <message>
            <source>Choose settings to try, and how</source>
            <translation>选择要尝试的设置及方式</translation>
        </message>
        <message>
            <source>Drag along an axis to keep a range; click it to let go</source>
            <translation>沿轴拖动以保留一个范围；单击该轴取消</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Importance (fANOVA)</source>
            <translation>重要性（fANOVA）</translation>
        </message>
        <message>
            <source>Importance of the settings</source>
            <translation>各设置的重要性</translation>
        </message>
        <message>
            <source>Make the best trial's settings the setup</source>
            <translation>把最佳试验的设置作为当前设置</translation>
        </message>
        <message>
            <source>New sweep…</source>
            <translation>新建扫描…</translation>
        </message>
        <message>
            <source>One setting is all that differs: there is nothing to weigh.</source>
            <translation>只有一个设置不同：没有可比较的重要性。</translation>
        </message>
        <message>
            <source>Right-click a setting in Setup and choose Sweep this setting…, or press New sweep…: it is tried at many values, each on all seeds, and judged by validation.</source>
            <translation>在“设置”中右键单击一个设置并选择“扫描此设置…”，或点击“新建扫描…”：它会以许多取值进行尝试，每个取值用全部种子，并按验证集评判。</translation>
        </message>
        <message>
            <source>S&amp;weep</source>
            <translation>扫描(&amp;W)</translation>
        </message>
        <message>
            <source>Setting to look along</source>
            <translation>沿其查看的设置</translation>
        </message>
        <message>
            <source>Shown once six trials are done and differ.</source>
            <translation>有六个试验完成且结果不同后显示。</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Stop with checkpoints, or go on with what is missing</source>
            <translation>保存检查点后停止，或继续完成剩余部分</translation>
        </message>
        <message>
            <source>Sweep to look at</source>
            <translation>要查看的扫描</translation>
        </message>
        <message>
            <source>Trials across the settings</source>
            <translation>各设置上的试验</translation>
        </message>
        <message>
            <source>Trials along a setting</source>
            <translation>沿一个设置的试验</translation>
        </message>
        <message>
            <source>Trials in their order</source>
            <translation>按顺序的试验</translation>
        </message>
        <message>
            <source>Use the best</source>
            <translation>采用最佳</translation>
        </message>
        <message>
            <source>Which settings serve best?</source>
            <translation>哪些设置最好？</translation>
        </message>
        <message>
            <source>best: {} {:.4f} at {}</source>
            <translation>最佳：{} {:.4f}，位于 {}</translation>
        </message>
        <message>
            <source>looking at the tasks…</source>
            <translation>正在查看任务…</translation>
        </message>
        <message>
            <source>stopping…</source>
            <translation>正在停止…</translation>
        </message>
        <message>
            <source>the setup is trial {}'s now</source>
            <translation>当前设置已是试验 {} 的设置</translation>
        </message>
        <message>
            <source>trial</source>
            <translation>试验</translation>
        </message>
        <message>
            <source>{} diverged</source>
            <translation>{} 个发散</translation>
        </message>
        <message>
            <source>{} done</source>
            <translation>{} 个完成</translation>
        </message>
        <message>
            <source>{} failed</source>
            <translation>{} 个失败</translation>
        </message>
        <message>
            <source>{} of {} trials</source>
            <translation>{} / {} 个试验</translation>
        </message>
        <message>
            <source>{} pruned</source>
            <translation>{} 个已剪枝</translation>
        </message>
        <message>
            <source>{} running</source>
            <translation>{} 个运行中</translation>
        </message>
        <message>
            <source>{} stopped</source>
            <translation>{} 个已停止</translation>
        </message>
        <message>
            <source>{} trials on the front</source>
            <translation>前沿上有 {} 个试验</translation>
        </message>
        <message>
            <source>{} trials within the ranges</source>
            <translation>范围内有 {} 个试验</translation>
        </message>
    </context>
    <context>
        <name>SweepDialog</name>
        <message>
            <source>And for</source>
            <translation>同时寻找</translation>
        </message>
        <message>
            <source>Another setting</source>
            <translation>再加一个设置</translation>
        </message>
        <message>
            <source>At random</source>
            <translation>随机</translation>
        </message>
        <message>
            <source>Average incremental validation</source>
            <translation>平均增量验证</translation>
        </message>
        <message>
            <source>Direction</source>
            <translation>方向</translation>
        </message>
        <message>
            <source>End trials that fall behind (Hyperband)</source>
            <translation>终止落后的试验（Hyperband）</translation>
        </message>
        <message>
            <source>Forgetting on validation</source>
            <translation>验证集上的遗忘</translation>
        </message>
        <message>
            <source>Guided by what was found (TPE)</source>
            <translation>由已有结果引导（TPE）</translation>
        </message>
        <message>
            <source>Leave this setting out</source>
            <translation>去掉此设置</translation>
        </message>
        <message>
            <source>Looking for</source>
            <translation>寻找</translation>
        </message>
        <message>
            <source>Mean validation</source>
            <translation>验证集平均</translation>
        </message>
        <message>
            <source>On a grid</source>
            <translation>网格</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>取点方式</translation>
        </message>
        <message>
            <source>Seeds of each</source>
            <translation>每个的种子</translation>
        </message>
        <message>
            <source>Setting</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Settings to try, and over what</source>
            <translation>要尝试的设置及其取值</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>并行</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>Sweep settings</source>
            <translation>扫描设置</translation>
        </message>
        <message>
            <source>Trials</source>
            <translation>试验数</translation>
        </message>
        <message>
            <source>Validation of {}</source>
            <translation>{} 的验证</translation>
        </message>
        <message>
            <source>What is tried</source>
            <translation>尝试的取值</translation>
        </message>
        <message>
            <source>as its metric says</source>
            <translation>按其度量</translation>
        </message>
        <message>
            <source>as many as there is room for</source>
            <translation>尽可能多</translation>
        </message>
        <message>
            <source>less is better</source>
            <translation>越小越好</translation>
        </message>
        <message>
            <source>more is better</source>
            <translation>越大越好</translation>
        </message>
        <message>
            <source>nothing else</source>
            <translation>无其他</translation>
        </message>
    </context>
    <context>
        <name>Sweeps</name>
        <message>
            <source>the sweep ended with code {}</source>
            <translation>扫描以代码 {} 结束</translation>
        </message>
    </context>
    <context>
        <name>TabMenu</name>
        <message>
            <source>All tabs</source>
            <translation>全部标签页</translation>
        </message>
    </context>
    <context>
        <name>TaskChip</name>
        <message>
            <source>Click to hide or show the curves of {}</source>
            <translation>点击以隐藏或显示 {} 的曲线</translation>
        </message>
        <message>
            <source>Curves of {}</source>
            <translation>{} 的曲线</translation>
        </message>
        <message>
            <source>last {}, best {} at step {}, mean {}</source>
            <translation>最新 {}，最佳 {}（第 {} 步），平均 {}</translation>
        </message>
        <message>
            <source>validation</source>
            <translation>验证</translation>
        </message>
    </context>
    <context>
        <name>TaskMeasures</name>
        <message>
            <source>Mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>Task</source>
            <translation>任务</translation>
        </message>
        <message>
            <source>The measures of each task</source>
            <translation>每个任务的度量</translation>
        </message>
    </context>
    <context>
        <name>TaskSearch</name>
        <message>
            <source>Draw the curves of the listed tasks alone; again: of all tasks</source>
            <translation>只画所列任务的曲线；再按一次：全部任务</translation>
        </message>
        <message>
            <source>Find a task</source>
            <translation>查找任务</translation>
        </message>
        <message>
            <source>List all</source>
            <translation>列出全部</translation>
        </message>
        <message>
            <source>Only these</source>
            <translation>只看这些</translation>
        </message>
        <message>
            <source>Show every task in the list below, or only what is searched for</source>
            <translation>在下方列出全部任务，或只列出查找到的</translation>
        </message>
        <message>
            <source>mean {}, best {} {}, worst {} {}</source>
            <translation>平均 {}，最好 {} {}，最差 {} {}</translation>
        </message>
        <message>
            <source>{} tasks</source>
            <translation>{} 个任务</translation>
        </message>
    </context>
    <context>
        <name>Tasks</name>
        <message>
            <source>All its tasks</source>
            <translation>其全部任务</translation>
        </message>
        <message>
            <source>Bring my data…</source>
            <translation>带入我的数据…</translation>
        </message>
        <message>
            <source>Cut, turn, corrupt or join what is learned: tasks made of any data</source>
            <translation>切分、旋转、加噪或合并所学内容：由任意数据制作任务</translation>
        </message>
        <message>
            <source>DIGITS</source>
            <translation>数字</translation>
        </message>
        <message>
            <source>DOWNLOADS</source>
            <translation>下载</translation>
        </message>
        <message>
            <source>Delta</source>
            <translation>Delta</translation>
        </message>
        <message>
            <source>Fewer task families</source>
            <translation>收起其他任务族</translation>
        </message>
        <message>
            <source>Find a task or a family</source>
            <translation>查找任务或任务族</translation>
        </message>
        <message>
            <source>Gamma</source>
            <translation>Gamma</translation>
        </message>
        <message>
            <source>Head activation</source>
            <translation>输出头激活函数</translation>
        </message>
        <message>
            <source>Head and loss of {}</source>
            <translation>{} 的输出头与损失</translation>
        </message>
        <message>
            <source>Head dropout</source>
            <translation>输出头 dropout</translation>
        </message>
        <message>
            <source>Head layer norm</source>
            <translation>输出头层归一化</translation>
        </message>
        <message>
            <source>Head layers</source>
            <translation>输出头隐藏层</translation>
        </message>
        <message>
            <source>LANGUAGES</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>LEARNING TO LEARN</source>
            <translation>学会学习</translation>
        </message>
        <message>
            <source>Label smoothing</source>
            <translation>标签平滑</translation>
        </message>
        <message>
            <source>Layers of this task's own, and its loss</source>
            <translation>该任务自己的层及其损失</translation>
        </message>
        <message>
            <source>Learn {}</source>
            <translation>学习 {}</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <source>MADE FROM OTHERS</source>
            <translation>由其他任务制作</translation>
        </message>
        <message>
            <source>Make tasks from these…</source>
            <translation>由这些制作任务…</translation>
        </message>
        <message>
            <source>Make tasks from…</source>
            <translation>由…制作任务…</translation>
        </message>
        <message>
            <source>Metrics</source>
            <translation>指标</translation>
        </message>
        <message>
            <source>Move {}</source>
            <translation>移动 {}</translation>
        </message>
        <message>
            <source>Move {}: drag, or Alt+Up and Alt+Down</source>
            <translation>移动 {}：拖动，或 Alt+上 与 Alt+下</translation>
        </message>
        <message>
            <source>No family or task is called so</source>
            <translation>没有这个名称的任务或任务族</translation>
        </message>
        <message>
            <source>OTHERS</source>
            <translation>其他</translation>
        </message>
        <message>
            <source>SCENES</source>
            <translation>场景</translation>
        </message>
        <message>
            <source>SYNTHETIC</source>
            <translation>合成</translation>
        </message>
        <message>
            <source>Show the task families that are not used yet, or hide them</source>
            <translation>显示或隐藏尚未使用的任务族</translation>
        </message>
        <message>
            <source>TABLES</source>
            <translation>表格</translation>
        </message>
        <message>
            <source>Task family {}</source>
            <translation>任务族 {}</translation>
        </message>
        <message>
            <source>Tasks</source>
            <translation>任务</translation>
        </message>
        <message>
            <source>What this task is scored in, by keys such as roc-auc, accuracy; the first leads. Empty for those of its family.</source>
            <translation>此任务的评分指标，用键表示，例如 roc-auc, accuracy；第一个为主。留空则用其任务族的指标。</translation>
        </message>
        <message>
            <source>Width of each hidden layer of this task's head, such as 64 or 64, 32; 0 for none, empty for those that all heads have (in Sharing).</source>
            <translation>该任务输出头各隐藏层的宽度，例如 64 或 64, 32；0 表示没有，留空则用所有输出头共有的层（见“共享”）。</translation>
        </message>
        <message>
            <source>YOUR DATA</source>
            <translation>自己的数据</translation>
        </message>
        <message>
            <source>Your own table, arrays or pictures as tasks (Ctrl+D)</source>
            <translation>将自己的表格、数组或图片作为任务 (Ctrl+D)</translation>
        </message>
        <message>
            <source>as in Sharing</source>
            <translation>同“共享”</translation>
        </message>
        <message>
            <source>as its family says</source>
            <translation>按其任务族</translation>
        </message>
        <message>
            <source>one linear layer</source>
            <translation>一个线性层</translation>
        </message>
        <message>
            <source>what is learned</source>
            <translation>学习什么</translation>
        </message>
        <message>
            <source>{} chosen · {} tasks in {} families</source>
            <translation>已选 {} · {} 个任务，{} 个任务族</translation>
        </message>
        <message>
            <source>{} more families</source>
            <translation>另外 {} 个任务族</translation>
        </message>
        <message>
            <source>{} of {}</source>
            <translation>{} / {}</translation>
        </message>
    </context>
    <context>
        <name>Toolbar</name>
        <message>
            <source>Commands   Ctrl+K</source>
            <translation>命令   Ctrl+K</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Full speed</source>
            <translation>全速</translation>
        </message>
        <message>
            <source>How fast to train, to watch what happens; the results stay the same</source>
            <translation>训练速度，便于观察过程；结果不变</translation>
        </message>
        <message>
            <source>Main toolbar</source>
            <translation>主工具栏</translation>
        </message>
        <message>
            <source>One run for each seed: 0,1,2 or 0..4</source>
            <translation>每个种子运行一次：0,1,2 或 0..4</translation>
        </message>
        <message>
            <source>Pace</source>
            <translation>速度</translation>
        </message>
        <message>
            <source>Presets</source>
            <translation>预设</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>种子</translation>
        </message>
        <message>
            <source>The rest of the toolbar</source>
            <translation>工具栏的其余部分</translation>
        </message>
        <message>
            <source>Where the model is trained</source>
            <translation>训练模型的设备</translation>
        </message>
        <message>
            <source>{:,} steps/s</source>
            <translation>{:,} 步/秒</translation>
        </message>
    </context>
    <context>
        <name>Tour</name>
        <message>
            <source>Choose an experiment</source>
            <translation>选择一个实验</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>完成</translation>
        </message>
        <message>
            <source>Each card is a whole experiment. This one learns five tasks one after the other.</source>
            <translation>每张卡片都是一个完整的实验。这一个依次学习五个任务。</translation>
        </message>
        <message>
            <source>Each curve is the loss of one task. It falls while the task is learned, and rises when the next one begins: that is forgetting.</source>
            <translation>每条曲线是一个任务的损失。学习该任务时它下降，下一个任务开始后它上升：这就是遗忘。</translation>
        </message>
        <message>
            <source>End the tour (Esc). Help starts it again.</source>
            <translation>结束导览（Esc）。可从“帮助”重新开始。</translation>
        </message>
        <message>
            <source>How much was forgotten</source>
            <translation>遗忘了多少</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>下一步</translation>
        </message>
        <message>
            <source>On the left is what it is made of. Leave it as it is, and press Run.</source>
            <translation>左边是实验的组成。保持不变，按“运行”。</translation>
        </message>
        <message>
            <source>Open it</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>Rows: after which stage. Columns: which task was tested. Read a column downwards to see a task fade.</source>
            <translation>行：在哪个阶段之后。列：测试的是哪个任务。沿一列向下看，就能看到一个任务逐渐被遗忘。</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>Run it</source>
            <translation>运行它</translation>
        </message>
        <message>
            <source>Show it</source>
            <translation>显示</translation>
        </message>
        <message>
            <source>Skip the tour</source>
            <translation>跳过导览</translation>
        </message>
        <message>
            <source>Step {} of {}</source>
            <translation>第 {} 步，共 {} 步</translation>
        </message>
        <message>
            <source>Watch it learn, and forget</source>
            <translation>看它学习，又遗忘</translation>
        </message>
        <message>
            <source>What could help?</source>
            <translation>什么会有帮助？</translation>
        </message>
        <message>
            <source>When the run is over, a sentence above the pictures says what happened and what to try next. Every run stays in the list below: right-click one to repeat it with another method and see both.</source>
            <translation>运行结束后，图的上方有一句话，说明发生了什么、接下来试什么。每次运行都保留在下面的列表中：右键单击其中一个，可以换一种方法重复它，并同时看到两者。</translation>
        </message>
    </context>
    <context>
        <name>TradeOffs</name>
        <message>
            <source>Across</source>
            <translation>横轴</translation>
        </message>
        <message>
            <source>Choose a second task.</source>
            <translation>请再选一个任务。</translation>
        </message>
        <message>
            <source>Every finished run with these tasks is a point here. Sweep weights runs the setup with fixed weights in many proportions: what a balancing method has to beat.</source>
            <translation>使用这些任务的每个已完成运行在此是一个点。“扫描权重”以多种比例的固定权重运行此设置：这是平衡方法必须超越的。</translation>
        </message>
        <message>
            <source>How many weightings to try</source>
            <translation>尝试多少种权重</translation>
        </message>
        <message>
            <source>One task has nothing to trade off</source>
            <translation>单个任务谈不上权衡</translation>
        </message>
        <message>
            <source>Run this setup with fixed weights in many proportions, on all its seeds; runs that are there are used again, and a sweep that was cut short goes on</source>
            <translation>以多种比例的固定权重运行此设置，使用全部种子；已有的运行会被沿用，中断的扫描会接着进行</translation>
        </message>
        <message>
            <source>Scores that can be had together</source>
            <translation>可以同时得到的得分</translation>
        </message>
        <message>
            <source>Stop the sweep</source>
            <translation>停止扫描</translation>
        </message>
        <message>
            <source>Sweep weights</source>
            <translation>扫描权重</translation>
        </message>
        <message>
            <source>T&amp;rade-offs</source>
            <translation>权衡(&amp;R)</translation>
        </message>
        <message>
            <source>Up</source>
            <translation>纵轴</translation>
        </message>
        <message>
            <source>Which scores can be had together?</source>
            <translation>哪些得分可以同时得到？</translation>
        </message>
        <message>
            <source>best weights by validation: {}</source>
            <translation>验证得分最好的权重：{}</translation>
        </message>
        <message>
            <source>crosses: {} over the seeds</source>
            <translation>十字线：各种子的{}</translation>
        </message>
        <message>
            <source>experiments that failed on a seed, and are no points: {}</source>
            <translation>在某个种子上失败、因而不成点的实验：{}</translation>
        </message>
        <message>
            <source>green: no other experiment beats it on both</source>
            <translation>绿色：没有其他实验在两者上都胜过它</translation>
        </message>
        <message>
            <source>points</source>
            <translation>点</translation>
        </message>
        <message>
            <source>seed {} alone</source>
            <translation>仅种子 {}</translation>
        </message>
        <message>
            <source>weights: {} of {} runs</source>
            <translation>权重：{} / {} 次运行</translation>
        </message>
        <message>
            <source>{} experiments; not beaten by another: {}</source>
            <translation>{} 个实验；未被其他超越：{}</translation>
        </message>
        <message>
            <source>{}, lower is better</source>
            <translation>{}，越低越好</translation>
        </message>
    </context>
    <context>
        <name>Training</name>
        <message>
            <source>%n change(s) are made while it runs, at the steps of an earlier run</source>
            <translation>运行期间会在先前运行的相同步数处进行 %n 处改动</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>批大小</translation>
        </message>
        <message>
            <source>Begin from nothing</source>
            <translation>从头开始</translation>
        </message>
        <message>
            <source>Begins with the trunk of {run}, frozen but for its last stage</source>
            <translation>从 {run} 的主干开始，除最后一段外均冻结</translation>
        </message>
        <message>
            <source>Begins with the trunk of {run}, which is frozen</source>
            <translation>从 {run} 的主干开始，主干冻结</translation>
        </message>
        <message>
            <source>Begins with the trunk of {run}, which is learned on</source>
            <translation>从 {run} 的主干开始，并继续学习它</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>清除</translation>
        </message>
        <message>
            <source>Clear the scheduled changes</source>
            <translation>清除计划的改动</translation>
        </message>
        <message>
            <source>Clip gradients</source>
            <translation>梯度裁剪</translation>
        </message>
        <message>
            <source>Confusion, calibration</source>
            <translation>混淆与校准</translation>
        </message>
        <message>
            <source>Deciding task</source>
            <translation>决定任务</translation>
        </message>
        <message>
            <source>Drift detector</source>
            <translation>漂移检测器</translation>
        </message>
        <message>
            <source>Drop every</source>
            <translation>衰减间隔</translation>
        </message>
        <message>
            <source>Drop factor</source>
            <translation>衰减系数</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>轮数</translation>
        </message>
        <message>
            <source>Evaluate every</source>
            <translation>评估间隔</translation>
        </message>
        <message>
            <source>Goes on from step {step} of {run}</source>
            <translation>从 {run} 的第 {step} 步继续</translation>
        </message>
        <message>
            <source>Judged by</source>
            <translation>评判依据</translation>
        </message>
        <message>
            <source>Keep the best</source>
            <translation>保留最佳</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>Least change</source>
            <translation>最小变化</translation>
        </message>
        <message>
            <source>Momentum</source>
            <translation>动量</translation>
        </message>
        <message>
            <source>Optimizer</source>
            <translation>优化器</translation>
        </message>
        <message>
            <source>Patience</source>
            <translation>耐心</translation>
        </message>
        <message>
            <source>Prequential accuracy</source>
            <translation>先测后训准确率</translation>
        </message>
        <message>
            <source>Prequential fading</source>
            <translation>先测后训衰减</translation>
        </message>
        <message>
            <source>Probe affinity</source>
            <translation>探测亲和度</translation>
        </message>
        <message>
            <source>Probe every</source>
            <translation>探测间隔</translation>
        </message>
        <message>
            <source>Probe layers</source>
            <translation>探测的层</translation>
        </message>
        <message>
            <source>Schedule</source>
            <translation>学习率调度</translation>
        </message>
        <message>
            <source>Steps a stage</source>
            <translation>每阶段步数</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Warm-up</source>
            <translation>预热</translation>
        </message>
        <message>
            <source>Weight decay</source>
            <translation>权重衰减</translation>
        </message>
        <message>
            <source>all</source>
            <translation>全部</translation>
        </message>
        <message>
            <source>how long, and how fast</source>
            <translation>训练多久、多快</translation>
        </message>
        <message>
            <source>steps</source>
            <translation>步</translation>
        </message>
    </context>
    <context>
        <name>Transfer</name>
        <message>
            <source>A change is a share where 0 means none, and else a difference: R², say.</source>
            <translation>指标为 0 表示“没有”时，变化以百分比表示，否则以差值表示，例如 R²。</translation>
        </message>
        <message>
            <source>All together, against each task alone: right of 0 is better</source>
            <translation>全部一起与单独学习相比：0 的右侧更好</translation>
        </message>
        <message>
            <source>Best apart: {}</source>
            <translation>最好分开：{}</translation>
        </message>
        <message>
            <source>Best so far: {}</source>
            <translation>目前最好的：{}</translation>
        </message>
        <message>
            <source>Change of each task against learning alone</source>
            <translation>每个任务相对于单独学习的变化</translation>
        </message>
        <message>
            <source>Does learning together help or harm?</source>
            <translation>一起学习是有益还是有害？</translation>
        </message>
        <message>
            <source>Each task's own metric</source>
            <translation>各任务自己的指标</translation>
        </message>
        <message>
            <source>In pairs: what the row does to the column</source>
            <translation>成对：行对列的影响</translation>
        </message>
        <message>
            <source>Keep them together</source>
            <translation>放在一起</translation>
        </message>
        <message>
            <source>Learning with {} changes {} by {}</source>
            <translation>与 {} 一起学习使 {} 变化 {}</translation>
        </message>
        <message>
            <source>Looking for runs that are there</source>
            <translation>正在寻找已有的运行</translation>
        </message>
        <message>
            <source>Make it the setup: one network a group. It can be undone.</source>
            <translation>把它设为当前设置：每组一个网络。可以撤销。</translation>
        </message>
        <message>
            <source>Measure transfer runs each task alone and each two together, as often and from the same start as in this setup, and compares. Runs that are there are used again.</source>
            <translation>“测量迁移”让每个任务单独训练、每两个任务一起训练，更新次数与起点都和本设置相同，然后比较。已有的运行会被重用。</translation>
        </message>
        <message>
            <source>New experiment with these groups</source>
            <translation>用这些分组新建实验</translation>
        </message>
        <message>
            <source>No grouping is suggested</source>
            <translation>不建议任何分组</translation>
        </message>
        <message>
            <source>No grouping is surely better</source>
            <translation>没有哪种分组确定更好</translation>
        </message>
        <message>
            <source>No mean, no groups</source>
            <translation>没有平均值，也没有分组</translation>
        </message>
        <message>
            <source>On seeds that did not choose it, a task: {} over each alone, {} over one network; </source>
            <translation>在未参与选择的种子上，平均每个任务：比各自单独 {}，比同一网络 {}；</translation>
        </message>
        <message>
            <source>One seed cannot say how sure it is. Best on this one: {}</source>
            <translation>只有一个种子，无法说明有多可靠。在它上面最好的是：{}</translation>
        </message>
        <message>
            <source>Shares of a score and differences of one that has no zero cannot be added up. Choose a metric in which all tasks are alike.</source>
            <translation>百分比变化与没有零点的指标的差值不能相加。请选择所有任务都同类的指标。</translation>
        </message>
        <message>
            <source>Suggested groups: {}</source>
            <translation>建议的分组：{}</translation>
        </message>
        <message>
            <source>There is no transfer to measure</source>
            <translation>没有可测量的迁移</translation>
        </message>
        <message>
            <source>What one task does to another, in pairs</source>
            <translation>一个任务对另一个任务的影响（成对）</translation>
        </message>
        <message>
            <source>What the tasks are measured in</source>
            <translation>任务用什么衡量</translation>
        </message>
        <message>
            <source>What the tasks are measured in; one without this metric keeps its own.</source>
            <translation>任务用什么衡量；没有该指标的任务保留自己的指标。</translation>
        </message>
        <message>
            <source>harms</source>
            <translation>有害</translation>
        </message>
        <message>
            <source>helps</source>
            <translation>有益</translation>
        </message>
        <message>
            <source>one seed: no interval. Add seeds in the toolbar, as in 0..4</source>
            <translation>只有一个种子：没有区间。请在工具栏添加种子，如 0..4</translation>
        </message>
        <message>
            <source>{} ({} of {} seeds)</source>
            <translation>{}（{}/{} 个种子）</translation>
        </message>
        <message>
            <source>{} of {} choices agree (by the pairs: Standley, ICML 2020).</source>
            <translation>{}/{} 次选择一致（依据两两结果：Standley，ICML 2020）。</translation>
        </message>
        <message>
            <source>{} of {} runs</source>
            <translation>{} / {} 次运行</translation>
        </message>
        <message>
            <source>{} seeds, 95 % intervals (t)</source>
            <translation>{} 个种子，95 % 区间（t）</translation>
        </message>
        <message>
            <source>{} were there already</source>
            <translation>{} 次已有</translation>
        </message>
    </context>
    <context>
        <name>Translate</name>
        <message>
            <source>&amp;Translate</source>
            <translation>翻译(&amp;T)</translation>
        </message>
        <message>
            <source>(end)</source>
            <translation>（结束）</translation>
        </message>
        <message>
            <source>(nothing)</source>
            <translation>（空）</translation>
        </message>
        <message>
            <source>After {}, step {}</source>
            <translation>{} 之后，第 {} 步</translation>
        </message>
        <message>
            <source>All blocks</source>
            <translation>所有层</translation>
        </message>
        <message>
            <source>Answers by language</source>
            <translation>各语言的回答</translation>
        </message>
        <message>
            <source>Answers of each pair of languages</source>
            <translation>每对语言的回答情况</translation>
        </message>
        <message>
            <source>Arabic</source>
            <translation>阿拉伯语</translation>
        </message>
        <message>
            <source>Ask the model for every language (Enter)</source>
            <translation>让模型译成每种语言（回车）</translation>
        </message>
        <message>
            <source>Asked; the answer is on its way.</source>
            <translation>已提问，回答即将到来。</translation>
        </message>
        <message>
            <source>Asking the run's checkpoint…</source>
            <translation>正在询问运行的检查点…</translation>
        </message>
        <message>
            <source>Attention</source>
            <translation>注意力</translation>
        </message>
        <message>
            <source>Attention of the chosen answer</source>
            <translation>所选回答的注意力</translation>
        </message>
        <message>
            <source>Auto</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Auto: {}</source>
            <translation>自动：{}</translation>
        </message>
        <message>
            <source>Beam</source>
            <translation>束宽</translation>
        </message>
        <message>
            <source>Beam: so many answers are kept side by side; 1 takes the likeliest token</source>
            <translation>束搜索：同时保留这么多个候选回答；1 表示每次取最可能的词元</translation>
        </message>
        <message>
            <source>Before training</source>
            <translation>训练之前</translation>
        </message>
        <message>
            <source>Block {}</source>
            <translation>第 {} 层</translation>
        </message>
        <message>
            <source>Chinese</source>
            <translation>中文</translation>
        </message>
        <message>
            <source>Choose tasks on texts, such as Numbers in words.</source>
            <translation>请选择文本任务，例如“Numbers in words”。</translation>
        </message>
        <message>
            <source>Czech</source>
            <translation>捷克语</translation>
        </message>
        <message>
            <source>Danish</source>
            <translation>丹麦语</translation>
        </message>
        <message>
            <source>Dutch</source>
            <translation>荷兰语</translation>
        </message>
        <message>
            <source>English</source>
            <translation>英语</translation>
        </message>
        <message>
            <source>Finnish</source>
            <translation>芬兰语</translation>
        </message>
        <message>
            <source>French</source>
            <translation>法语</translation>
        </message>
        <message>
            <source>From {}, as of step {}</source>
            <translation>源语言 {}，第 {} 步的检查点</translation>
        </message>
        <message>
            <source>From {}, as of step {}; asked again as newer ones come</source>
            <translation>源语言 {}，第 {} 步的检查点；有更新的检查点时会再次提问</translation>
        </message>
        <message>
            <source>German</source>
            <translation>德语</translation>
        </message>
        <message>
            <source>Greedy</source>
            <translation>贪心</translation>
        </message>
        <message>
            <source>Greek</source>
            <translation>希腊语</translation>
        </message>
        <message>
            <source>Hebrew</source>
            <translation>希伯来语</translation>
        </message>
        <message>
            <source>Hindi</source>
            <translation>印地语</translation>
        </message>
        <message>
            <source>Hungarian</source>
            <translation>匈牙利语</translation>
        </message>
        <message>
            <source>In {}, step {}</source>
            <translation>{} 中，第 {} 步</translation>
        </message>
        <message>
            <source>Indonesian</source>
            <translation>印度尼西亚语</translation>
        </message>
        <message>
            <source>Italian</source>
            <translation>意大利语</translation>
        </message>
        <message>
            <source>Japanese</source>
            <translation>日语</translation>
        </message>
        <message>
            <source>Korean</source>
            <translation>韩语</translation>
        </message>
        <message>
            <source>Length</source>
            <translation>长度</translation>
        </message>
        <message>
            <source>Length penalty: the higher it is, the more longer answers are preferred</source>
            <translation>长度惩罚：越大越偏好较长的回答</translation>
        </message>
        <message>
            <source>Newest</source>
            <translation>最新</translation>
        </message>
        <message>
            <source>No run is shown that can be asked.</source>
            <translation>当前没有可以提问的运行。</translation>
        </message>
        <message>
            <source>No task of this run reads such a text (step {}).</source>
            <translation>此运行中没有任务读取这样的文本（第 {} 步）。</translation>
        </message>
        <message>
            <source>No task on texts</source>
            <translation>没有文本任务</translation>
        </message>
        <message>
            <source>Norwegian</source>
            <translation>挪威语</translation>
        </message>
        <message>
            <source>Nothing was written for this task at this moment.</source>
            <translation>此刻该任务没有写出任何内容。</translation>
        </message>
        <message>
            <source>Nothing written yet</source>
            <translation>尚未写出任何内容</translation>
        </message>
        <message>
            <source>Pairs of languages</source>
            <translation>语言对</translation>
        </message>
        <message>
            <source>Persian</source>
            <translation>波斯语</translation>
        </message>
        <message>
            <source>Polish</source>
            <translation>波兰语</translation>
        </message>
        <message>
            <source>Portuguese</source>
            <translation>葡萄牙语</translation>
        </message>
        <message>
            <source>Press Run. What the model writes for texts that it has not seen stands here, and you can have it translate your own.</source>
            <translation>按“运行”。模型对未见过的文本写出的内容会显示在这里，您也可以让它翻译自己的文本。</translation>
        </message>
        <message>
            <source>Right</source>
            <translation>正确答案</translation>
        </message>
        <message>
            <source>Romanian</source>
            <translation>罗马尼亚语</translation>
        </message>
        <message>
            <source>Russian</source>
            <translation>俄语</translation>
        </message>
        <message>
            <source>Show what is wrong before what is right</source>
            <translation>先显示错误的，再显示正确的</translation>
        </message>
        <message>
            <source>Spanish</source>
            <translation>西班牙语</translation>
        </message>
        <message>
            <source>Step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>Swedish</source>
            <translation>瑞典语</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>原文</translation>
        </message>
        <message>
            <source>Text or number</source>
            <translation>文本或数字</translation>
        </message>
        <message>
            <source>Thai</source>
            <translation>泰语</translation>
        </message>
        <message>
            <source>The language of the text</source>
            <translation>文本的语言</translation>
        </message>
        <message>
            <source>The task whose held-out examples are shown</source>
            <translation>显示哪个任务的留出样例</translation>
        </message>
        <message>
            <source>The text that every language is asked for</source>
            <translation>要译成每种语言的文本</translation>
        </message>
        <message>
            <source>There is no checkpoint yet. The answer comes by itself once the run has saved one.</source>
            <translation>还没有检查点。运行保存检查点后，回答会自动出现。</translation>
        </message>
        <message>
            <source>This model has no attention to draw.</source>
            <translation>该模型没有可绘制的注意力。</translation>
        </message>
        <message>
            <source>This run is not in the history, so it cannot be asked.</source>
            <translation>此运行不在历史记录中，无法提问。</translation>
        </message>
        <message>
            <source>Tokens of the chosen answer</source>
            <translation>所选回答的词元</translation>
        </message>
        <message>
            <source>Translate</source>
            <translation>翻译</translation>
        </message>
        <message>
            <source>Turkish</source>
            <translation>土耳其语</translation>
        </message>
        <message>
            <source>Type a text and press Enter: every language answers it.</source>
            <translation>输入文本并按回车：每种语言都会给出回答。</translation>
        </message>
        <message>
            <source>Ukrainian</source>
            <translation>乌克兰语</translation>
        </message>
        <message>
            <source>Vietnamese</source>
            <translation>越南语</translation>
        </message>
        <message>
            <source>Where an answer's tokens look is drawn here once it is there.</source>
            <translation>回答出现后，这里会画出其词元关注的位置。</translation>
        </message>
        <message>
            <source>Which block of the network is shown</source>
            <translation>显示网络的哪一层</translation>
        </message>
        <message>
            <source>Which checkpoint of the run answers</source>
            <translation>由运行的哪个检查点回答</translation>
        </message>
        <message>
            <source>Written</source>
            <translation>写出</translation>
        </message>
        <message>
            <source>Wrong first</source>
            <translation>错误优先</translation>
        </message>
        <message>
            <source>never taught</source>
            <translation>从未教过</translation>
        </message>
        <message>
            <source>other language</source>
            <translation>其他语言</translation>
        </message>
        <message>
            <source>right</source>
            <translation>正确</translation>
        </message>
        <message>
            <source>the text said again: {:.1f} % right</source>
            <translation>照抄原文：{:.1f} % 正确</translation>
        </message>
        <message>
            <source>the texts are those of seed {}</source>
            <translation>文本来自种子 {}</translation>
        </message>
        <message>
            <source>wrong</source>
            <translation>错误</translation>
        </message>
        <message>
            <source>{} (never taught)</source>
            <translation>{}（从未教过）</translation>
        </message>
        <message>
            <source>{} gives {} of its attention to {}</source>
            <translation>{} 把 {} 的注意力给了 {}</translation>
        </message>
        <message>
            <source>{} looks most at {} ({})</source>
            <translation>{} 最关注 {}（{}）</translation>
        </message>
        <message>
            <source>{} → {}: {} right, {} right in another language, {} wrong, of {}</source>
            <translation>{} → {}：正确 {}，意思对但语言不对 {}，错误 {}，共 {} 条</translation>
        </message>
        <message>
            <source>{}: {}</source>
            <translation>{}：{}</translation>
        </message>
        <message>
            <source>↓ written, → read | written before</source>
            <translation>↓ 写出的词元，→ 读入的 | 之前写出的</translation>
        </message>
    </context>
    <context>
        <name>TrashDialog</name>
        <message>
            <source>&amp;Close</source>
            <translation>关闭(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Delete for good</source>
            <translation>永久删除(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Empty the trash</source>
            <translation>清空回收站(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Restore</source>
            <translation>恢复(&amp;R)</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>永久删除</translation>
        </message>
        <message>
            <source>Delete {} runs for good? This cannot be undone.</source>
            <translation>永久删除 {} 个运行？此操作无法撤销。</translation>
        </message>
        <message>
            <source>Deleted</source>
            <translation>删除时间</translation>
        </message>
        <message>
            <source>Deleted runs</source>
            <translation>已删除的运行</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <source>Runs that you delete wait here.</source>
            <translation>您删除的运行会留在这里。</translation>
        </message>
        <message>
            <source>The trash is empty</source>
            <translation>回收站是空的</translation>
        </message>
        <message>
            <source>Trash</source>
            <translation>回收站</translation>
        </message>
    </context>
    <context>
        <name>Use the model</name>
        <message>
            <source>1 row, as of step {}</source>
            <translation>1 行，截至第 {} 步</translation>
        </message>
        <message>
            <source>; means of {} seeds with 95 % intervals</source>
            <translation>；{} 个种子的均值及 95 % 区间</translation>
        </message>
        <message>
            <source>A few rows that the model adapts to before it answers</source>
            <translation>模型作答前先适应的几行</translation>
        </message>
        <message>
            <source>All seeds</source>
            <translation>所有种子</translation>
        </message>
        <message>
            <source>Asking the run's checkpoint…</source>
            <translation>正在询问运行的检查点…</translation>
        </message>
        <message>
            <source>Bring your own data, or choose tasks on digits or tables.</source>
            <translation>请导入自己的数据，或选择数字、表格任务。</translation>
        </message>
        <message>
            <source>Checkpoint</source>
            <translation>检查点</translation>
        </message>
        <message>
            <source>Mean over the seeds of this setup, with its 95 % interval</source>
            <translation>此设置各种子的均值及其 95 % 区间</translation>
        </message>
        <message>
            <source>No model yet</source>
            <translation>还没有模型</translation>
        </message>
        <message>
            <source>Open a file</source>
            <translation>打开文件</translation>
        </message>
        <message>
            <source>Open a file of the same columns; a row of so many is better not typed.</source>
            <translation>请打开列相同的文件；列太多，不便逐行输入。</translation>
        </message>
        <message>
            <source>Open a file: arrays (NPZ, NPY), or pictures where it learned from pictures.</source>
            <translation>打开文件：数组（NPZ、NPY）；从图片学习的模型则打开图片。</translation>
        </message>
        <message>
            <source>Open a file…</source>
            <translation>打开文件…</translation>
        </message>
        <message>
            <source>Predict this row</source>
            <translation>预测此行</translation>
        </message>
        <message>
            <source>Press Run. What the model says of a row that you type, or of the rows of a file, stands here once the run has saved a checkpoint.</source>
            <translation>按“运行”。运行保存检查点后，模型对您输入的一行或文件中各行的预测会显示在这里。</translation>
        </message>
        <message>
            <source>Rows with answers</source>
            <translation>带答案的行</translation>
        </message>
        <message>
            <source>Rows with answers…</source>
            <translation>带答案的行…</translation>
        </message>
        <message>
            <source>Save as CSV</source>
            <translation>另存为 CSV</translation>
        </message>
        <message>
            <source>Save as CSV…</source>
            <translation>另存为 CSV…</translation>
        </message>
        <message>
            <source>Saved in {}</source>
            <translation>已保存到 {}</translation>
        </message>
        <message>
            <source>There is no checkpoint yet: the run must have saved one.</source>
            <translation>还没有检查点：运行须先保存一个。</translation>
        </message>
        <message>
            <source>This model cannot be asked about a file</source>
            <translation>无法用文件询问这个模型</translation>
        </message>
        <message>
            <source>Type a row and press Enter, or open a file of the same columns.</source>
            <translation>输入一行并按回车，或打开列相同的文件。</translation>
        </message>
        <message>
            <source>Use t&amp;he model</source>
            <translation>使用模型(&amp;H)</translation>
        </message>
        <message>
            <source>a date, such as 2024-01-31</source>
            <translation>日期，例如 2024-01-31</translation>
        </message>
        <message>
            <source>missing</source>
            <translation>缺失</translation>
        </message>
        <message>
            <source>step {}</source>
            <translation>第 {} 步</translation>
        </message>
        <message>
            <source>the newest</source>
            <translation>最新</translation>
        </message>
        <message>
            <source>{rows} rows, as of step {step}</source>
            <translation>{rows} 行，截至第 {step} 步</translation>
        </message>
    </context>
    <context>
        <name>WeightEditor</name>
        <message>
            <source>How much {} counts: more weight, more of this task</source>
            <translation>{} 的分量：权重越大，该任务所占越多</translation>
        </message>
        <message>
            <source>Weight of {}</source>
            <translation>{} 的权重</translation>
        </message>
    </context>
</TS>
